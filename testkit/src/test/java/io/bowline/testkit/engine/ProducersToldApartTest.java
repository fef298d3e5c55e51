// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.Gap;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.producer.EpochFolder;
import io.bowline.producer.ReliableProducer;
import io.bowline.sequence.KeySequences;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.testkit.memory.InMemoryKeySequences;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.Transports;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restart, two producers, a zombie and a message that was moved, as one consumer sees them. */
@Timeout(60)
final class ProducersToldApartTest {
  private static final String TOPIC = "orders";

  private final InMemoryBroker broker = InMemoryBroker.named("apart-" + System.nanoTime());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Bowline bowline = Bowline.at(broker.address()).metrics(registry).connect();
  private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();
  private final List<Long> numbers = new CopyOnWriteArrayList<>();
  private ReliableConsumer consumer;

  @TempDir Path folder;

  @BeforeEach
  void start() {
    bowline.admin().ensure(TopicSpec.of(TOPIC).lanes(2).groups("billing"));
    consumer = bowline.consumer(TOPIC, "billing").onGap(gaps::add).start(this::handle);
  }

  private void handle(Received message) {
    message.stamp().flatMap(Stamp::keyNumber).ifPresent(number -> numbers.add(number.sequence()));
    handled.add(message.text());
  }

  @AfterEach
  void close() {
    bowline.close();
  }

  private void send(ReliableProducer producer, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      var unused = producer.send(Message.to(TOPIC).key("k").text("order " + i)).join();
      assertEquals("order " + i, handled.poll(30, TimeUnit.SECONDS));
    }
  }

  /** What was seen beside numbers in order, and no gap. */
  private void assertSeen(Map<String, Integer> expected) {
    Map<String, Integer> seen = new TreeMap<>();
    registry
        .get("bowline.consumer.numbers")
        .counters()
        .forEach(counter -> seen.put(counter.getId().getTag("seen"), (int) counter.count()));
    seen.values().removeIf(count -> count == 0);
    assertEquals(expected, seen);
    assertEquals(List.of(), gaps);
    assertEquals(List.of(), consumer.gaps());
  }

  @Test
  void aProducerThatIsOpenedAgainIsARestart() throws InterruptedException {
    for (int life = 0; life < 3; life++) {
      try (ReliableProducer producer = bowline.producer("shop").open()) {
        send(producer, 5);
      }
    }
    assertSeen(Map.of("baseline", 1, "restarted", 2));
  }

  @Test
  void aProducerThatCrashedAndIsStartedAgainIsARestartWhereItsEpochIsRemembered()
      throws InterruptedException {
    ReliableProducer crashed = bowline.producer("shop").epochs(new EpochFolder(folder)).open();
    send(crashed, 5);
    try (Bowline other = Bowline.connect(broker.address())) {
      send(other.producer("shop").epochs(new EpochFolder(folder)).open(), 5);
    }
    assertSeen(Map.of("baseline", 1, "restarted", 1));
  }

  @Test
  void twoProducersOfOneKeyAreTwoChainsAndNoRestart() throws InterruptedException {
    ReliableProducer one = bowline.producer("shop").open();
    ReliableProducer other = bowline.producer("shop").open();
    for (int i = 0; i < 5; i++) {
      send(one, 1);
      send(other, 2);
    }
    assertSeen(Map.of("baseline", 2));
  }

  @Test
  void producersWhoseKeysAStoreCountsGoOnTogetherAndThroughARestart() throws InterruptedException {
    KeySequences sequences = new InMemoryKeySequences();
    ReliableProducer one = bowline.producer("shop").keySequences(sequences).open();
    ReliableProducer other = bowline.producer("shop").keySequences(sequences).open();
    for (int i = 0; i < 3; i++) {
      send(one, 1);
      send(other, 2);
    }
    one.close();
    send(bowline.producer("shop").keySequences(sequences).open(), 3);
    assertEquals(LongStream.rangeClosed(1, 12).boxed().toList(), numbers);
    assertSeen(Map.of("baseline", 2, "restarted", 1));
  }

  @Test
  void whatAProducerSendsThatAnotherFollowedIsAZombies() throws InterruptedException {
    ReliableProducer zombie = bowline.producer("shop").epochs(new EpochFolder(folder)).open();
    send(zombie, 5);
    send(bowline.producer("shop").epochs(new EpochFolder(folder)).open(), 1);
    send(zombie, 2);
    assertSeen(Map.of("baseline", 1, "restarted", 1, "zombie", 2));
  }

  @Test
  void aMessageThatComesByAnotherLaneIsNeitherMissedNorTakenForItsNumber()
      throws InterruptedException {
    ReliableProducer producer = bowline.producer("shop").open();
    send(producer, 3);
    Outgoing first = broker.stored(TOPIC).get(0);
    try (Transport transport =
        Transports.open(TransportConfig.of(BrokerAddress.parse(broker.address())))) {
      var unused =
          transport
              .send(
                  new Outgoing(
                      first.messageId(),
                      TOPIC,
                      1 - first.lane(),
                      first.key(),
                      first.headers(),
                      first.body()))
              .join();
    }
    assertEquals("order 0", handled.poll(30, TimeUnit.SECONDS));
    send(producer, 3);
    assertSeen(Map.of("baseline", 1, "other lane", 1));
  }
}
