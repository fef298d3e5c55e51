// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.retry.Retry;
import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** Producers of one source whose keys are counted together, and their broker. */
abstract class SequencedProducers {
  final ScriptedTransport broker = new ScriptedTransport().topic("orders", 1);
  final CountedKeys sequences = new CountedKeys();
  private final List<ReliableProducer> opened = new ArrayList<>();
  final ReliableProducer producer = open();

  ProducerBuilder builder() {
    return new ProducerBuilder(broker.connected(), "shop")
        .retry(Retry.attempts(1))
        .keySequences(sequences);
  }

  ReliableProducer open() {
    return open(builder());
  }

  ReliableProducer open(ProducerBuilder builder) {
    ReliableProducer open = builder.open();
    opened.add(open);
    return open;
  }

  @AfterEach
  void close() {
    opened.forEach(open -> open.close(Duration.ZERO));
  }

  static Message message(String key, String text) {
    return Message.to("orders").key(key).text(text);
  }

  static KeyNumber number(Sent sent) {
    String stamp = Objects.requireNonNull(sent.message().headers().get(StampCodec.HEADER));
    return StampCodec.read(stamp).orElseThrow().keyNumber().orElseThrow();
  }

  /** What the only message under way was numbered; it is stored. */
  KeyNumber confirmed() throws InterruptedException {
    Sent sent = broker.nextSend();
    sent.confirm();
    return number(sent);
  }

  KeyNumber sent(ReliableProducer by, String key) throws InterruptedException {
    CompletableFuture<Receipt> send = by.send(message(key, "x"));
    KeyNumber number = confirmed();
    assertNotNull(send.join());
    return number;
  }
}
