// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.codec.jackson.Order.Line;
import io.bowline.consumer.Handler;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Codec;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TopicSpec;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JSON from a producer to a consumer, over a broker in memory. */
@Timeout(60)
class JsonDeadLettersTest {

  @Test
  void whatIsNoJsonOfTheTypeGoesToTheDeadLettersAtOnce() throws InterruptedException {
    InMemoryBroker broker = InMemoryBroker.named("json-dead-letters");
    Codec<Line> lines = JacksonCodec.of(Line.class);
    BlockingQueue<Line> handled = new LinkedBlockingQueue<>();
    BlockingQueue<String> dead = new LinkedBlockingQueue<>();
    try (Bowline bowline = Bowline.connect(broker.address())) {
      bowline.admin().ensure(TopicSpec.of("lines").lanes(1).groups("roaster"));
      bowline.admin().ensure(TopicSpec.of("dead").lanes(1).groups("mourner"));
      try (ReliableConsumer roaster =
              bowline
                  .consumer("lines", "roaster")
                  .deadLetters("dead")
                  .start(Handler.typed(lines, (line, message) -> handled.add(line)));
          ReliableConsumer mourner =
              bowline.consumer("dead", "mourner").start(message -> dead.add(message.text()));
          ReliableProducer producer = bowline.producer("shop").open()) {
        producer.send(Message.to("lines").key("k").text("{\"bean\":\"s3cret\"}")).join();
        producer.send(Message.to("lines").key("k").body(new Line("arabica", 1), lines)).join();
        assertEquals(new Line("arabica", 1), handled.poll(20, TimeUnit.SECONDS));
        assertEquals("{\"bean\":\"s3cret\"}", dead.poll(20, TimeUnit.SECONDS));
        assertEquals("roaster mourner", roaster.group() + " " + mourner.group());
      }
    }
    Outgoing letter = broker.stored("dead").get(0);
    assertEquals("1", letter.headers().get("bowline-dead-attempts"));
    String reason = String.valueOf(letter.headers().get("bowline-dead-reason"));
    assertTrue(reason.contains("a value that is no long at line 1, column 17"), reason);
    assertFalse(reason.contains("s3cret"), reason);
    assertEquals("{\"bean\":\"s3cret\"}", new String(letter.body(), UTF_8));
  }
}
