// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.message.Message;
import io.bowline.producer.BatchResult;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendReport;
import io.bowline.transport.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Says that a message is confirmed as soon as it is sent. */
final class EarlyProducer implements ReliableProducer {
  private final ReliableProducer real;

  EarlyProducer(ReliableProducer real) {
    this.real = real;
  }

  @Override
  public CompletableFuture<Receipt> send(Message message) {
    var unused = real.send(message);
    String id = message.id().orElseThrow();
    return CompletableFuture.completedFuture(new Receipt(id, message.topic(), 0, "?"));
  }

  @Override
  public CompletableFuture<BatchResult> sendAll(List<Message> messages) {
    return real.sendAll(messages);
  }

  @Override
  public List<String> flush(Duration timeout) {
    return real.flush(timeout);
  }

  @Override
  public SendReport close(Duration timeout) {
    return real.close(timeout);
  }

  @Override
  public void close() {
    real.close();
  }
}
