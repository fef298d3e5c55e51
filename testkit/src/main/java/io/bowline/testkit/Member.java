// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.Arrival.Term;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A subscription with the one thread it is confined to. The thread polls without pause, keeps what
 * arrives, accepts it or holds it, and runs between polls what the test asks of the subscription.
 */
final class Member implements AutoCloseable {
  private static final Duration WAIT = Duration.ofMillis(50);
  private static final int MOST = 50;

  private final boolean accepts;
  private final Duration patience;
  private final Consumer<Arrival> witness;
  private final CompletableFuture<Void> joined = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private final Queue<Consumer<Subscription>> commands = new ConcurrentLinkedQueue<>();
  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final Set<Integer> lanes = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Integer> terms = new ConcurrentHashMap<>();
  private final Set<Integer> gone = ConcurrentHashMap.newKeySet();
  private final Set<Integer> lost = ConcurrentHashMap.newKeySet();
  private volatile int wanted = MOST;
  private volatile boolean leaving;
  private volatile @Nullable Throwable failure;

  private Member(boolean accepts, Duration patience, Consumer<Arrival> witness) {
    this.accepts = accepts;
    this.patience = patience;
    this.witness = witness;
  }

  /** Joins, and returns once the subscription is made; every arrival is told to the witness. */
  static Member join(Transport transport, SubscriptionSpec spec, boolean accepts, Scene scene) {
    Member member = new Member(accepts, scene.patience(), scene.witness());
    Thread thread = new Thread(() -> member.live(transport, spec), "member-of-" + spec.group());
    thread.setDaemon(true);
    thread.start();
    member.within(member.joined, "subscribe to " + spec);
    return member;
  }

  private void live(Transport transport, SubscriptionSpec spec) {
    try (Subscription subscription = transport.subscribe(spec, new Witness())) {
      joined.complete(null);
      while (!leaving) {
        runCommands(subscription);
        if (!leaving) {
          subscription.poll(wanted, WAIT).forEach(delivery -> arrived(subscription, delivery));
        }
      }
      runCommands(subscription);
    } catch (Throwable problem) {
      failure = problem;
      joined.completeExceptionally(problem);
    } finally {
      left.complete(null);
    }
  }

  private void runCommands(Subscription subscription) {
    for (var next = commands.poll(); next != null; next = commands.poll()) {
      next.accept(subscription);
    }
  }

  private void arrived(Subscription subscription, Delivery delivery) {
    int lane = delivery.lane();
    Term term = new Term(lanes.contains(lane), terms.getOrDefault(lane, 0));
    Arrival arrival = Arrival.of(delivery, term);
    witness.accept(arrival);
    if (accepts) {
      subscription.accept(delivery);
    }
    arrivals.add(arrival);
  }

  /** Runs this on the member's thread, between polls, and returns what it returned. */
  <T> T call(Function<Subscription, T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    commands.add(
        subscription -> {
          try {
            result.complete(work.apply(subscription));
          } catch (Throwable problem) {
            result.completeExceptionally(problem);
          }
        });
    return within(result, "run a call between its polls");
  }

  /** Accepts, and returns what the subscription said once a later poll has returned. */
  boolean accept(Arrival arrival) {
    boolean ours = call(subscription -> subscription.accept(arrival.delivery()));
    call(subscription -> subscription.poll(0, Duration.ZERO));
    return ours;
  }

  boolean release(Arrival arrival, Duration delay) {
    return call(subscription -> subscription.release(arrival.delivery(), delay));
  }

  /** Leaves, and only then tries to accept this. */
  boolean acceptAfterLeaving(Arrival arrival) {
    boolean accepted =
        call(
            subscription -> {
              leaving = true;
              subscription.close();
              return subscription.accept(arrival.delivery());
            });
    close();
    return accepted;
  }

  /** How many deliveries each poll asks for from now on. */
  void want(int max) {
    wanted = max;
  }

  List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  /** The bodies that arrived, as text, in order. */
  List<String> texts() {
    return arrivals.stream().map(Arrival::text).toList();
  }

  /** The latest arrival of this text, which must have come. */
  Arrival latest(String text) {
    return arrivals.stream()
        .filter(arrival -> arrival.text().equals(text))
        .reduce((earlier, later) -> later)
        .orElseThrow(() -> new AssertionError(text + " never arrived; what did: " + texts()));
  }

  /** How often this text arrived. */
  long count(String text) {
    return arrivals.stream().filter(arrival -> arrival.text().equals(text)).count();
  }

  /** The lanes that were revoked or lost at any time. */
  Set<Integer> gone() {
    return Set.copyOf(gone);
  }

  /** The lanes that were lost at any time. */
  Set<Integer> lost() {
    return Set.copyOf(lost);
  }

  /** Fails if the thread ended by itself. */
  void check() {
    Throwable problem = failure;
    if (problem != null) {
      throw new AssertionError("The member ended by an exception: " + problem, problem);
    }
  }

  /** Leaves the group in order. */
  @Override
  public void close() {
    leaving = true;
    within(left, "leave the group");
  }

  private <T> T within(CompletableFuture<T> result, String what) {
    try {
      return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      check();
      throw new AssertionError("A member did not " + what + " within " + patience);
    } catch (ExecutionException e) {
      throw new AssertionError("A member failed to " + what + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while a member should " + what);
    }
  }

  private final class Witness implements LaneListener {
    @Override
    public void assigned(Set<Integer> more) {
      lanes.addAll(more);
    }

    @Override
    public void revoking(Set<Integer> fewer) {
      lanes.removeAll(fewer);
      gone.addAll(fewer);
      fewer.forEach(lane -> terms.merge(lane, 1, Integer::sum));
    }

    @Override
    public void lost(Set<Integer> fewer) {
      lost.addAll(fewer);
      revoking(fewer);
    }
  }
}
