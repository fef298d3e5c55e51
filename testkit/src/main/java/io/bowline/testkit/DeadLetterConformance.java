// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.DrainReport;
import io.bowline.consumer.Handler;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Lanes;
import io.bowline.message.Message;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.replay.ReplayBuilder;
import io.bowline.replay.ReplayReport;
import io.bowline.replay.ReplayReport.Fate;
import io.bowline.transport.Connected;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What becomes of messages that cannot be processed: Bowline's own consumer and replay over the
 * transport under test, on a real broker, each behaviour a test.
 *
 * <pre>{@code
 * final class KafkaDeadLettersIT extends DeadLetterConformance {
 *   @Override
 *   protected BrokerFixture broker() {
 *     return BrokerFixture.of(Servers.kafka());
 *   }
 * }
 * }</pre>
 */
public abstract class DeadLetterConformance extends Conformance {
  private static final int LANES = 4;
  private static final int KEYS = 6;
  private static final int OF_A_KEY = 5;

  /** For subclasses. */
  protected DeadLetterConformance() {}

  /** A topic, the group that reads it, and the topic of its dead letters. */
  private record Stage(Connected broker, String topic, String group, String dead) {
    ReliableConsumer consumer(Handler handler) {
      return new ConsumerBuilder(broker, topic, group).deadLetters(dead).start(handler);
    }
  }

  private Stage stage() {
    String topic = Scene.name();
    String group = topic + "-g";
    String dead = topic + "-dead";
    Connected broker = new Connected(scene().transport(), fixture().config(), opened -> {});
    broker.transport().admin().ensure(new TopicSpec(topic, LANES, List.of(group)));
    String reader = ReplayBuilder.reader(group);
    broker.transport().admin().ensure(new TopicSpec(dead, LANES, List.of(reader)));
    return new Stage(broker, topic, group, dead);
  }

  private ReplayBuilder replay(Stage stage) {
    return new ReplayBuilder(stage.broker, stage.dead, stage.group).quiet(soon());
  }

  private ReplayReport run(ReplayBuilder replay) {
    return replay.run(fixture().patience());
  }

  /** Sends five messages each of six keys, all of which die: "0" to "29", key i mod 6. */
  private Stage deadLetters() {
    Stage stage = stage();
    send(
        stage,
        IntStream.range(0, KEYS * OF_A_KEY)
            .mapToObj(i -> Message.to(stage.topic).key("k" + i % KEYS).text(Integer.toString(i)))
            .toList());
    allDie(stage, KEYS * OF_A_KEY);
    return stage;
  }

  /** What fails while its consumer is closed is returned, and comes again. */
  private void allDie(Stage stage, int count) {
    int left = count;
    while (left > 0) {
      left -= died(stage, left);
    }
    assertEquals(0, left, "more were dead-lettered than were sent");
  }

  /** Has so many calls fail, and closes; how many were dead-lettered. */
  private int died(Stage stage, int calls) {
    AtomicInteger failed = new AtomicInteger();
    ReliableConsumer consumer =
        stage.consumer(
            message -> {
              failed.incrementAndGet();
              throw new Unprocessable("not today");
            });
    DrainReport report;
    try {
      scene().await(calls + " to fail", () -> failed.get() >= calls, failed::get);
    } finally {
      report = consumer.close(fixture().patience());
    }
    return (int) report.settled();
  }

  private static void send(Stage stage, List<Message> messages) {
    try (ReliableProducer producer = new ProducerBuilder(stage.broker, "shop").open()) {
      assertTrue(producer.sendAll(messages).join().allConfirmed());
    }
  }

  /** What a mended consumer sees, until it has seen so many and a while more. */
  private List<String> handled(Stage stage, int count) {
    ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
    ReliableConsumer consumer = stage.consumer(message -> texts.add(message.text()));
    try {
      scene().await(count + " to be handled", () -> texts.size() >= count, texts::size);
      boolean more = scene().holdsWithin(soon().dividedBy(3), () -> texts.size() > count);
      assertTrue(!more, () -> "more than " + count + " were handled: " + texts);
    } finally {
      DrainReport unused = consumer.close(fixture().patience());
    }
    return List.copyOf(texts);
  }

  private static void assertInOrder(List<String> texts) {
    for (int key = 0; key < KEYS; key++) {
      int ours = key;
      List<Integer> numbers =
          texts.stream().map(Integer::valueOf).filter(i -> i % KEYS == ours).toList();
      assertEquals(numbers.stream().sorted().toList(), numbers, "key k" + key);
    }
  }

  @Test
  final void aReplayBringsAllBackOnceAndInTheOrderOfTheirKeys() {
    Stage stage = deadLetters();
    ReplayReport report = run(replay(stage).all());
    assertEquals(Map.of(Fate.REPLAYED, (long) KEYS * OF_A_KEY), report.counts(), report::toString);
    List<String> texts = handled(stage, KEYS * OF_A_KEY);
    assertInOrder(texts);
    assertEquals(KEYS * OF_A_KEY, texts.stream().distinct().count());
  }

  @Test
  final void whatIsNotSelectedStaysAndNothingIsReplayedTwice() {
    Stage stage = deadLetters();
    ReplayReport dry = run(replay(stage).key("k1").dryRun());
    assertTrue(dry.replayed() <= OF_A_KEY, dry::toString);
    ReplayReport one = run(replay(stage).key("k1"));
    assertEquals(OF_A_KEY, one.replayed(), one::toString);
    ReplayReport rest = run(replay(stage).all());
    assertEquals((KEYS - 1) * OF_A_KEY, rest.replayed(), rest::toString);
    List<String> texts = handled(stage, KEYS * OF_A_KEY);
    assertInOrder(texts);
    assertEquals(KEYS * OF_A_KEY, texts.stream().distinct().count());
  }

  @Test
  final void aPoisonMessageAtTheHeadOfEachLaneHoldsNoneBack() {
    Stage stage = stage();
    List<Message> poison = new ArrayList<>();
    List<Message> sound = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      poison.add(Message.to(stage.topic).key(keyOf(lane, "bad")).text("poison"));
      for (int i = 0; i < OF_A_KEY; i++) {
        sound.add(Message.to(stage.topic).key(keyOf(lane, "good" + i)).text("sound"));
      }
    }
    send(stage, poison);
    send(stage, sound);
    AtomicInteger handled = new AtomicInteger();
    ReliableConsumer consumer =
        stage.consumer(
            message -> {
              if (message.text().equals("poison")) {
                throw new Unprocessable("poison");
              }
              handled.incrementAndGet();
            });
    DrainReport report;
    try {
      scene().await("the sound ones", () -> handled.get() >= sound.size(), handled::get);
    } finally {
      report = consumer.close(fixture().patience());
    }
    allDie(stage, LANES + sound.size() - (int) report.settled());
    assertEquals(LANES, run(replay(stage).all()).replayed());
  }

  /** A key of this lane that begins so. */
  private static String keyOf(int lane, String start) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> start + "-" + i)
        .filter(key -> Lanes.of(key, LANES) == lane)
        .findFirst()
        .orElseThrow();
  }

  @Test
  final void aDeadLetterTopicThatDoesNotExistIsNamedAtTheStart() {
    Stage stage = stage();
    String nowhere = Scene.name();
    ConsumerBuilder consumer =
        new ConsumerBuilder(stage.broker, stage.topic, stage.group).deadLetters(nowhere);
    TransportException missing =
        assertThrows(TransportException.class, () -> consumer.start(message -> {}));
    assertTrue(String.valueOf(missing.getMessage()).contains(nowhere), missing::toString);
  }
}
