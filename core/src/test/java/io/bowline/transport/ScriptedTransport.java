// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.transport.ScriptedSubscription.Sharing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A broker whose every part the test plays: it ends each send, and hands out each delivery, by
 * hand. Thread-safe.
 */
public final class ScriptedTransport implements Transport {
  private final BlockingQueue<Sent> sends = new LinkedBlockingQueue<>();
  private final BlockingQueue<ScriptedSubscription> subscriptions = new LinkedBlockingQueue<>();
  private final Map<String, Integer> lanes = new ConcurrentHashMap<>();
  private volatile ToIntFunction<String> lookup = this::known;
  private volatile Function<Sent, CompletableFuture<Receipt>> sending = Sent::answer;
  private volatile @Nullable Supplier<Backlog> backlog;
  private volatile Runnable subscribing = () -> {};
  private volatile boolean lanesHeldAlone = true;
  private volatile boolean inTurns;
  private volatile Duration lateness = Subscription.USUAL_LATENESS;
  private volatile boolean pipelines;

  /** A try of a send, waiting for the test to end it. */
  public record Sent(Outgoing message, CompletableFuture<Receipt> answer) {
    /** The broker stored it. */
    public void confirm() {
      answer.complete(receipt(message));
    }

    /** The try failed. */
    public void fail(Verdict verdict) {
      answer.completeExceptionally(new TransportException(verdict, "failed by the test"));
    }

    /** The body as text. */
    public String text() {
      return new String(message.body(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** A broker with a topic of so many lanes. */
  public ScriptedTransport topic(String topic, int count) {
    lanes.put(topic, count);
    return this;
  }

  /** From now on the lanes of a topic are told by this. */
  public void lookup(ToIntFunction<String> how) {
    lookup = how;
  }

  /** From now on the backlog of any group is told by this; before, none is. */
  public void backlog(Supplier<Backlog> how) {
    backlog = how;
  }

  /** From now on a send is answered by this. */
  public void sending(Function<Sent, CompletableFuture<Receipt>> how) {
    sending = how;
  }

  /** From now on this happens before a subscription is made. */
  public void subscribing(Runnable before) {
    subscribing = before;
  }

  /** From now on members share lanes without being told. */
  public void shareLanes() {
    lanesHeldAlone = false;
  }

  /** From now on members share lanes in turns. */
  public void shareLanesInTurns() {
    shareLanes();
    inTurns = true;
  }

  /** From now on members are told that messages may be late for so long. */
  public void lateness(Duration most) {
    lateness = most;
  }

  /** From now on it says that it keeps the order of pipelined sends. */
  public ScriptedTransport pipelines() {
    pipelines = true;
    return this;
  }

  @Override
  public boolean keepsPipelinedOrder() {
    return pipelines;
  }

  /** What builders are given, with a confirm timeout that no test outlasts. */
  public Connected connected() {
    return connected(Duration.ofSeconds(60));
  }

  /** What builders are given, with this confirm timeout. */
  public Connected connected(Duration confirmTimeout) {
    TransportConfig config =
        TransportConfig.of(BrokerAddress.parse("scripted://test")).confirmTimeout(confirmTimeout);
    return new Connected(this, config, opened -> {});
  }

  /** The next try of a send, in the order of their coming. */
  public Sent nextSend() throws InterruptedException {
    Sent next = sends.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("Waited in vain for a send");
    }
    return next;
  }

  /** How many tries wait for {@link #nextSend}. */
  public int sendsWaiting() {
    return sends.size();
  }

  /** The next subscription, in the order of their coming. */
  public ScriptedSubscription nextSubscription() throws InterruptedException {
    ScriptedSubscription next = subscriptions.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("Waited in vain for a subscription");
    }
    return next;
  }

  /** The receipt of a message that was stored. */
  public static Receipt receipt(Outgoing message) {
    return new Receipt(message.messageId(), message.topic(), message.lane(), "here");
  }

  private int known(String topic) {
    Integer count = lanes.get(topic);
    if (count == null) {
      throw new TransportException(Verdict.REFUSED, "Topic " + topic + " does not exist");
    }
    return count;
  }

  @Override
  public int lanes(String topic) {
    return lookup.applyAsInt(topic);
  }

  @Override
  public CompletableFuture<Receipt> send(Outgoing message) {
    Sent sent = new Sent(message, new CompletableFuture<>());
    sends.add(sent);
    return sending.apply(sent);
  }

  @Override
  public Subscription subscribe(SubscriptionSpec spec, LaneListener listener) {
    int unused = known(spec.topic());
    subscribing.run();
    ScriptedSubscription subscription =
        new ScriptedSubscription(spec, listener, new Sharing(lanesHeldAlone, inTurns, lateness));
    subscriptions.add(subscription);
    return subscription;
  }

  @Override
  public BrokerAdmin admin() {
    return new BrokerAdmin() {
      @Override
      public Provisioning provide(TopicSpec spec, Provisioning.Mode mode) {
        topic(spec.topic(), spec.lanes());
        return new Provisioning(spec.topic(), spec.lanes(), List.of());
      }

      @Override
      public Backlog backlog(String topic, String group) {
        Supplier<Backlog> told = backlog;
        return told == null ? BrokerAdmin.super.backlog(topic, group) : told.get();
      }
    };
  }

  @Override
  public void close() {}
}
