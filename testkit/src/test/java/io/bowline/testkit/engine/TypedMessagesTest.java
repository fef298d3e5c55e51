// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.consumer.Handler;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Codec;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Undecodable;
import io.bowline.producer.ReliableProducer;
import io.bowline.retry.Retry;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values instead of bytes, through a broker in memory. */
@Timeout(60)
class TypedMessagesTest {
  private static int brokers;

  private final InMemoryBroker broker = InMemoryBroker.named("typed-" + brokers++);
  private final Bowline bowline = Bowline.connect(broker.address());
  private final List<Integer> handled = new CopyOnWriteArrayList<>();
  private final Counts codec = new Counts();

  /** Whole numbers in decimal. */
  private static final class Counts implements Codec<Integer> {
    final List<String> decoded = new CopyOnWriteArrayList<>();

    /** How many of the next decodings fail for a reason that may pass. */
    volatile int outages;

    @Override
    public String contentType() {
      return "text/x-count";
    }

    @Override
    public byte[] encode(Integer value) {
      return Codec.text().encode(value.toString());
    }

    @Override
    public synchronized Integer decode(Received message) {
      String text = Codec.text().decode(message);
      decoded.add(text);
      if (outages > 0) {
        outages--;
        throw new IllegalStateException("The registry does not answer");
      }
      try {
        return Integer.valueOf(text);
      } catch (NumberFormatException malformed) {
        throw new Undecodable(message, "no count, from character 0 on");
      }
    }
  }

  @BeforeEach
  void makeTopics() {
    bowline.admin().ensure(TopicSpec.of("counts").lanes(1).groups("counters"));
    bowline.admin().ensure(TopicSpec.of("dead").lanes(1).groups("mourners"));
  }

  @AfterEach
  void close() {
    bowline.close();
  }

  private ReliableConsumer consumer() {
    return bowline
        .consumer("counts", "counters")
        .retry(Retry.attempts(3).backoff(ofMillis(1), ofMillis(5)))
        .deadLetters("dead")
        .start(
            Handler.typed(
                codec,
                (value, message) -> {
                  assertEquals("counts", message.topic());
                  handled.add(value);
                }));
  }

  private void send(Message message) {
    try (ReliableProducer producer = bowline.producer("shop").open()) {
      assertEquals("counts", producer.send(message.key("k")).join().topic());
      assertEquals(1, producer.close(ofSeconds(5)).confirmed());
    }
  }

  private void untilAccepted() {
    Ledger.until("all is accepted", () -> broker.unaccepted("counts", "counters") == 0);
  }

  @Test
  void aValueArrivesAsItWasSent() {
    try (ReliableConsumer consumer = consumer()) {
      send(Message.to("counts").body(100, codec));
      untilAccepted();
      assertEquals("counters", consumer.group());
    }
    assertEquals(List.of(100), handled);
    assertEquals("text/x-count", broker.stored("counts").get(0).headers().get("content-type"));
  }

  @Test
  void whatIsUndecodableGoesToTheDeadLettersAtOnceAsItWas() {
    try (ReliableConsumer consumer = consumer()) {
      send(Message.to("counts").id("id-1").header("h", "v").text("s3cret"));
      send(Message.to("counts").body(7, codec));
      untilAccepted();
      assertEquals("counters", consumer.group());
    }
    assertEquals(List.of(7), handled);
    assertEquals(List.of("s3cret", "7"), codec.decoded, "each was decoded once");
    assertEquals(1, broker.stored("dead").size());
    Outgoing dead = broker.stored("dead").get(0);
    assertEquals("s3cret", new String(dead.body(), java.nio.charset.StandardCharsets.UTF_8));
    assertEquals("v", dead.headers().get("h"));
    assertEquals("1", dead.headers().get("bowline-dead-attempts"));
    assertEquals(Undecodable.class.getName(), dead.headers().get("bowline-dead-exception"));
    String reason = String.valueOf(dead.headers().get("bowline-dead-reason"));
    assertTrue(reason.startsWith("Message id-1 of counts lane 0 position "), reason);
    assertTrue(reason.endsWith("no count, from character 0 on"), reason);
    assertFalse(reason.contains("s3cret"), reason);
  }

  @Test
  void whatMayBeDecodedLaterIsTriedAgain() {
    codec.outages = 2;
    try (ReliableConsumer consumer = consumer()) {
      send(Message.to("counts").body(7, codec));
      untilAccepted();
      assertEquals("counters", consumer.group());
    }
    assertEquals(List.of(7), handled);
    assertEquals(List.of("7", "7", "7"), codec.decoded);
    assertEquals(List.of(), broker.stored("dead"));
  }
}
