// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Lanes;
import io.bowline.transport.Delivery;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;

/** What one behaviour works with: fresh names, a transport, members; all of it ends with it. */
final class Scene implements AutoCloseable {
  private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int MAX_UNSETTLED = 500;

  private final BrokerFixture fixture;
  private final Transport transport;
  private final Deque<Runnable> endings = new ArrayDeque<>();
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final List<Arrival> seen = new CopyOnWriteArrayList<>();
  private @Nullable BreakableBroker broken;

  /** A topic with its groups. */
  record Place(String topic, List<String> groups) {
    String group() {
      return groups.get(0);
    }

    SubscriptionSpec spec() {
      return new SubscriptionSpec(topic, group(), MAX_UNSETTLED);
    }

    Place of(String group) {
      return new Place(topic, List.of(group));
    }
  }

  Scene(BrokerFixture fixture) {
    this.fixture = fixture;
    this.transport = connect(fixture.config());
  }

  /** The transport that most of the scene uses. */
  Transport transport() {
    return transport;
  }

  /** Another transport, closed with the scene. */
  Transport connect(TransportConfig config) {
    Transport opened = fixture.connect(config);
    endings.push(opened::close);
    return opened;
  }

  Duration patience() {
    return fixture.patience();
  }

  /** A name that nothing has yet. */
  static String name() {
    return "conformance-" + RUN + "-" + NAMES.incrementAndGet();
  }

  Place place(int lanes) {
    return place(lanes, 1);
  }

  Place place(int lanes, int groups) {
    String topic = name();
    List<String> names = IntStream.range(0, groups).mapToObj(i -> topic + "-g" + i).toList();
    transport.admin().ensure(new TopicSpec(topic, lanes, names));
    int unused = transport.lanes(topic); // as a producer asks before its first send
    return new Place(topic, names);
  }

  /** Sends these texts to a lane, one after another, and waits until all are confirmed. */
  void store(Place place, int lane, String... texts) {
    List<CompletableFuture<Receipt>> sends =
        List.of(texts).stream()
            .map(text -> transport.send(Samples.message(place.topic(), lane, text)))
            .toList();
    sends.forEach(this::confirmed);
  }

  /** Sends a text under a key, to the key's lane. */
  CompletableFuture<Receipt> sendKeyed(Place place, String key, String text) {
    int lane = Lanes.of(key, transport.lanes(place.topic()));
    return transport.send(Samples.message(place.topic(), lane, key, text.getBytes(UTF_8)));
  }

  /** Sends "text 1", "text 2" … until one is confirmed, and returns that one. */
  String sendUntilConfirmed(Transport by, Place place, int lane, String text) {
    long deadline = System.nanoTime() + patience().toNanos();
    for (int attempt = 1; ; attempt++) {
      String next = text + " " + attempt;
      Throwable failure = outcome(by.send(Samples.message(place.topic(), lane, next)));
      if (failure == null) {
        return next;
      }
      if (deadline - System.nanoTime() < 0) {
        throw new AssertionFailedError("No send was confirmed within " + patience(), failure);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  /** The receipt, for which it waits. */
  Receipt confirmed(CompletableFuture<Receipt> send) {
    Throwable failure = outcome(send);
    if (failure != null) {
      throw new AssertionFailedError("A send was not confirmed: " + failure, failure);
    }
    return send.join();
  }

  /** Whether it was confirmed in the end. */
  boolean isConfirmed(CompletableFuture<Receipt> send) {
    return outcome(send) == null;
  }

  /** The failure, for which it waits. */
  TransportException failed(CompletableFuture<Receipt> send) {
    Throwable failure = outcome(send);
    if (failure instanceof TransportException expected) {
      return expected;
    }
    if (failure == null) {
      throw new AssertionFailedError("A send that should fail was confirmed: " + send.join());
    }
    throw new AssertionFailedError(
        "A send failed with " + failure + " instead of a TransportException", failure);
  }

  /** Null if confirmed. The exception as it is: no CompletionException around it. */
  private @Nullable Throwable outcome(CompletableFuture<Receipt> send) {
    try {
      return send.<@Nullable Throwable>handle((receipt, e) -> e)
          .get(patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionFailedError("A send did not complete within " + patience());
    } catch (Exception e) {
      throw new AssertionError("Waiting for a send", e);
    }
  }

  /** A member that accepts all that it gets. */
  Member worker(Place place) {
    return join(transport, place, true);
  }

  /** A member that holds all that it gets. */
  Member holder(Place place) {
    return join(transport, place, false);
  }

  Member join(Transport by, Place place, boolean accepts) {
    Member member = Member.join(by, place.spec(), accepts, this);
    members.add(member);
    endings.push(member::close);
    return member;
  }

  OtherMember otherMember(Place place, int accepts) {
    OtherMember other = fixture.startMember(place.spec(), accepts);
    endings.push(other::close);
    return other;
  }

  /** Runs at the end of the scene, before what was there earlier ends. */
  void atEnd(Runnable ending) {
    endings.push(ending);
  }

  /** Told of every arrival at every member, in order. */
  Consumer<Arrival> witness() {
    return seen::add;
  }

  /** The texts that arrived at any member, each once, in the order of its first arrival. */
  List<String> firstArrivals() {
    return seen.stream().map(Arrival::text).distinct().toList();
  }

  List<Arrival> seen() {
    return List.copyOf(seen);
  }

  /** Waits until it holds, and fails if it does not within the fixture's patience. */
  void await(String what, BooleanSupplier holds, Supplier<?> found) {
    if (!holdsWithin(patience(), holds)) {
      throw new AssertionFailedError(
          "Waited " + patience().toSeconds() + " s for " + what + "; found " + found.get());
    }
  }

  /** The next delivery, polled on this thread. */
  Delivery awaitDelivery(Subscription subscription) {
    List<Delivery> one = new ArrayList<>();
    await(
        "a delivery",
        () -> one.addAll(subscription.poll(1, Duration.ofMillis(100))),
        () -> "nothing");
    return one.get(0);
  }

  /** Polls one delivery on this thread and accepts it. */
  void awaitOne(Subscription subscription) {
    if (!subscription.accept(awaitDelivery(subscription))) {
      throw new AssertionFailedError("A delivery that had just come was not ours to accept");
    }
  }

  /** Waits until the member has these texts. */
  void awaitTexts(Member member, String... texts) {
    List<String> expected = List.of(texts);
    await(expected + " to arrive", () -> member.texts().containsAll(expected), member::texts);
  }

  /** Whether it came to hold within this time. */
  boolean holdsWithin(Duration time, BooleanSupplier holds) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!holds.getAsBoolean()) {
      members.forEach(Member::check);
      if (deadline - System.nanoTime() < 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return true;
  }

  /** The broker to break; skips the behaviour if nobody may. */
  BreakableBroker breaksTheBroker() {
    Assumptions.assumeTrue(fixture.breakable(), "this broker is not ours to break");
    BreakableBroker breakable = new BreakableBroker(fixture);
    broken = breakable;
    return breakable;
  }

  /** So that the next scene finds the broker well: some need a moment after they are back. */
  private void healWholly(BreakableBroker broker) {
    broker.heal();
    await("the broker to make topics again", this::makesTopics, () -> "that it does not");
  }

  private boolean makesTopics() {
    try {
      return !place(1).topic().isEmpty();
    } catch (TransportException notYet) {
      return false;
    }
  }

  /** Heals the broker, then ends members before the transports they use. */
  @Override
  public void close() {
    AssertionError problems = new AssertionError("The scene did not end well");
    members.forEach(member -> endings.push(member::check));
    BreakableBroker broker = broken;
    if (broker != null) {
      endings.push(() -> healWholly(broker));
    }
    while (!endings.isEmpty()) {
      try {
        endings.pop().run();
      } catch (RuntimeException | AssertionError problem) {
        problems.addSuppressed(problem);
      }
    }
    if (problems.getSuppressed().length > 0) {
      throw problems;
    }
  }
}
