// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.Gap;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.retry.Retry;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first program that a user reads, as it stands in the documentation. */
@Timeout(60)
class FirstThirtySecondsTest {

  private static final class Beans {
    final BlockingQueue<String> deducted = new LinkedBlockingQueue<>();

    void deduct(String count) {
      deducted.add(count);
    }
  }

  private static final class Alarms {
    final BlockingQueue<Gap> raised = new LinkedBlockingQueue<>();

    void raise(Gap gap) {
      raised.add(gap);
    }
  }

  @Test
  void theFirstProgramRuns() throws InterruptedException {
    Beans beans = new Beans();
    Alarms alarms = new Alarms();
    try (Bowline bowline = Bowline.connect("memory://first-thirty-seconds")) {
      bowline.admin().ensure(TopicSpec.of("beans.deduct").groups("bean-service"));
      bowline.admin().ensure(TopicSpec.of("beans.deduct.dead"));

      ReliableProducer producer = bowline.producer("trade-service").open();
      Receipt receipt = producer.send(Message.to("beans.deduct").key("user-7").text("100")).join();
      assertEquals("beans.deduct", receipt.topic());

      try (ReliableConsumer consumer =
          bowline
              .consumer("beans.deduct", "bean-service")
              .retry(Retry.attempts(5).backoff(ofMillis(100), ofSeconds(30)))
              .deadLetters("beans.deduct.dead")
              .onGap(alarms::raise)
              .start(message -> beans.deduct(message.text()))) {
        assertEquals("100", beans.deducted.poll(20, TimeUnit.SECONDS));
        assertEquals("bean-service", consumer.group());
      }
    }
    assertEquals(0, alarms.raised.size());
    InMemoryBroker broker = InMemoryBroker.named("first-thirty-seconds");
    assertEquals(0, broker.unaccepted("beans.deduct", "bean-service"));
  }
}
