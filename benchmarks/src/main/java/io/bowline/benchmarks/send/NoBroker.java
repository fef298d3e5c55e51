// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A transport without a broker, so that a producer's own cost stands alone: confirms each message,
 * on the sender's thread at once, or on one thread of its own in the order of sending, as the
 * clients do. Thread-safe.
 */
public final class NoBroker implements Transport {
  private static final int LANES = 8;
  private static final int BATCH = 1024;

  private final LinkedBlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final boolean atOnce;
  private final Thread confirms;

  private record Sent(Outgoing message, CompletableFuture<Receipt> answer) {}

  private NoBroker(boolean atOnce) {
    this.atOnce = atOnce;
    this.confirms = new Thread(this::confirmAll, "no-broker-confirms");
    confirms.setDaemon(true);
  }

  /** Confirms inside of send. */
  public static NoBroker atOnce() {
    return new NoBroker(true);
  }

  /** Confirms on a thread of its own, in batches. */
  public static NoBroker threaded() {
    NoBroker transport = new NoBroker(false);
    transport.confirms.start();
    return transport;
  }

  @Override
  public int lanes(String topic) {
    return LANES;
  }

  @Override
  public boolean keepsPipelinedOrder() {
    return true;
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    if (atOnce) {
      return CompletableFuture.completedFuture(receipt(message));
    }
    CompletableFuture<Receipt> answer = new CompletableFuture<>();
    sent.add(new Sent(message, answer));
    return answer;
  }

  private static Receipt receipt(Outgoing message) {
    return new Receipt(message.messageId(), message.topic(), message.lane(), "");
  }

  private void confirmAll() {
    List<Sent> batch = new ArrayList<>(BATCH);
    try {
      while (true) {
        batch.add(sent.take());
        sent.drainTo(batch, BATCH - 1);
        batch.forEach(each -> each.answer.complete(receipt(each.message)));
        batch.clear();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
    throw new UnsupportedOperationException("Nothing is stored here");
  }

  @Override
  public BrokerAdmin admin() {
    return (topic, mode) -> new Provisioning(topic.topic(), topic.lanes(), List.of());
  }

  @Override
  public void close() {
    confirms.interrupt();
  }
}
