// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A member whose deliveries and lanes come by the hand of the test. */
public final class ScriptedSubscription implements Subscription {
  private final SubscriptionSpec spec;
  private final LaneListener listener;
  private final Sharing sharing;
  private final LinkedBlockingQueue<Delivery> ready = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private final AtomicInteger positions = new AtomicInteger();
  private final AtomicInteger polls = new AtomicInteger();
  private final AtomicInteger handedOut = new AtomicInteger();
  private volatile Predicate<Delivery> ours = delivery -> true;
  private volatile boolean closed;

  private volatile boolean inTurns;

  /** How lanes are shared among members. */
  record Sharing(boolean holdsLanesAlone, boolean inTurns, Duration lateness) {}

  /** A delivery as the test wrote it. */
  public record Written(
      int lane, @Nullable String key, Map<String, String> headers, byte[] body, String position)
      implements Delivery {
    @Override
    public String topic() {
      return "orders";
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public String nativeId() {
      return "orders/" + lane + "/" + position;
    }
  }

  ScriptedSubscription(SubscriptionSpec spec, LaneListener listener, Sharing sharing) {
    this.spec = spec;
    this.sharing = sharing;
    this.inTurns = sharing.inTurns;
    this.listener = listener;
    orders.add(() -> listener.assigned(Set.of(0, 1)));
  }

  /** What it was asked for. */
  public SubscriptionSpec spec() {
    return spec;
  }

  /** A message without stamp on lane 0. */
  public void deliver(@Nullable String key, String text) {
    deliver(0, key, text, Map.of());
  }

  /** A message on a lane. */
  public void deliver(int lane, @Nullable String key, String text, Map<String, String> headers) {
    String position = Integer.toString(positions.getAndIncrement());
    ready.add(new Written(lane, key, headers, text.getBytes(UTF_8), position));
  }

  /** Runs this on the polling thread, inside the next poll, and returns once it was run. */
  public CompletableFuture<Void> inPoll(Runnable order) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    orders.add(
        () -> {
          try {
            order.run();
            done.complete(null);
          } catch (RuntimeException | Error failure) {
            done.completeExceptionally(failure);
            throw failure;
          }
        });
    return done;
  }

  /** Who hears of lanes. */
  public LaneListener listener() {
    return listener;
  }

  /** From now on only such deliveries can be accepted. */
  public void ours(Predicate<Delivery> which) {
    ours = which;
  }

  /** The texts of what was accepted, in that order. */
  public List<String> accepted() {
    return List.copyOf(accepted);
  }

  /** How many deliveries were polled. */
  public int handedOut() {
    return handedOut.get();
  }

  /** How many polls there were. */
  public int polls() {
    return polls.get();
  }

  /** Whether it was closed. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public List<Delivery> poll(int max, Duration timeout) {
    polls.incrementAndGet();
    for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
      order.run();
    }
    List<Delivery> taken = new ArrayList<>();
    ready.drainTo(taken, max);
    if (taken.isEmpty() && max > 0) {
      waitForOne(timeout, taken);
    }
    handedOut.addAndGet(taken.size());
    return taken;
  }

  private void waitForOne(Duration timeout, List<Delivery> taken) {
    try {
      Delivery first = ready.poll(Math.min(timeout.toMillis(), 10), TimeUnit.MILLISECONDS);
      if (first != null) {
        taken.add(first);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean accept(Delivery delivery) {
    if (closed || !ours.test(delivery)) {
      return false;
    }
    accepted.add(new String(delivery.body(), UTF_8));
    return true;
  }

  @Override
  public boolean release(Delivery delivery, Duration delay) {
    return !closed;
  }

  @Override
  public boolean holdsLanesAlone() {
    return sharing.holdsLanesAlone;
  }

  @Override
  public boolean handsOutInTurns() {
    return inTurns;
  }

  @Override
  public Duration lateness() {
    return sharing.lateness;
  }

  /** From now on it says that lanes do not go in turns any more. */
  public void outOfTurn() {
    inTurns = false;
  }

  @Override
  public void close() {
    closed = true;
  }
}
