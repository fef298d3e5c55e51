// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.message.Message;
import io.bowline.producer.BatchResult;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendReport;
import io.bowline.transport.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A producer that does what another does, for those that do one thing wrong. */
public class ForwardingProducer implements ReliableProducer {
  protected final ReliableProducer healthy;

  protected ForwardingProducer(ReliableProducer healthy) {
    this.healthy = healthy;
  }

  @Override
  public CompletableFuture<Receipt> send(Message message) {
    return healthy.send(message);
  }

  @Override
  public CompletableFuture<BatchResult> sendAll(List<Message> messages) {
    return healthy.sendAll(messages);
  }

  @Override
  public List<String> flush(Duration timeout) {
    return healthy.flush(timeout);
  }

  @Override
  public void retryNow() {
    healthy.retryNow();
  }

  @Override
  public SendReport close(Duration timeout) {
    return healthy.close(timeout);
  }

  @Override
  public void close() {
    healthy.close();
  }
}
