// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.producer.Order;
import io.bowline.producer.Outcome;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.Scene.Place;
import io.bowline.testkit.SendStory.Keys;
import io.bowline.testkit.ServiceOrders.Pace;
import io.bowline.transport.Connected;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * One group's work from its first message to the last: a steady load, services in processes of
 * their own that come and go, and the journal of their effects. {@link #finish} holds what was
 * confirmed against what was done. Used by one thread.
 */
final class ReceiveStory {
  /** How many messages of a topic a second, about; a service alone does more, two much more. */
  private static final int PER_SECOND = 200;

  /** How many messages may wait to be done, so that a slow machine is not buried under them. */
  private static final int AHEAD = 1_000;

  private static final int KEYS = 200;
  private static final Pace PACE = new Pace(2, Duration.ofMillis(4), 50, 50);

  private final Scene scene;
  private final BrokerFixture fixture;
  private final String address;
  private final List<Place> places = new ArrayList<>();
  private final List<SendStory> sending = new ArrayList<>();
  private final Effects effects;
  private final EffectJournal journal;
  private final Map<String, ChildService> services = new LinkedHashMap<>();
  private final Transport producing;
  private final TransportConfig config;
  private int gaps;
  private int started;
  private int disturbances;

  /** So many topics, each with so many lanes; keys are drawn by the seed. */
  record Topics(int count, int lanes, long seed) {}

  /** The load begins; no service is there yet. They reach the broker at this address. */
  ReceiveStory(Scene scene, BrokerFixture fixture, String address, Topics topics) {
    this.scene = scene;
    this.fixture = fixture;
    this.address = address;
    this.config = fixture.config().confirmTimeout(scene.patience().dividedBy(12));
    this.producing = scene.connect(config);
    Map<String, SendLedger> ledgers = new LinkedHashMap<>();
    for (int i = 0; i < topics.count; i++) {
      Place place = place(topics.lanes);
      SendStory story = new SendStory(scene, place, producer(i), keys(topics));
      places.add(place);
      sending.add(story);
      ledgers.put(place.topic(), story.ledger());
    }
    this.effects = new Effects(ledgers);
    this.journal = new EffectJournal(effects);
    scene.atEnd(this::end);
    for (SendStory story : sending) {
      story.allow(AHEAD);
      Thread unused = story.begin(Integer.MAX_VALUE, PER_SECOND);
    }
  }

  /** A new topic; all of a service are read by the same group. */
  private Place place(int lanes) {
    if (places.isEmpty()) {
      return scene.place(lanes);
    }
    Place next = new Place(Scene.name(), List.of(places.get(0).group()));
    producing.admin().ensure(new TopicSpec(next.topic(), lanes, next.groups()));
    int unused = producing.lanes(next.topic()); // as a producer asks before its first send
    return next;
  }

  private static Keys keys(Topics topics) {
    return new Keys(KEYS, topics.seed, Order.STRICT);
  }

  private ReliableProducer producer(int number) {
    return new ProducerBuilder(
            new Connected(producing, config, opened -> {}), "receive-faults-" + number)
        .deadline(scene.patience().multipliedBy(2))
        .maxBlock(scene.patience())
        .watermarks(Duration.ofMillis(500))
        .open();
  }

  private void end() {
    sending.forEach(SendStory::stop);
    services.values().forEach(ChildService::kill);
    journal.close();
  }

  /** Services keep what they completed in a store, from the first one on. */
  void keepGaps() {
    SharedGapStore store = new SharedGapStore();
    gaps = store.port();
    scene.atEnd(store::close);
  }

  Effects effects() {
    return effects;
  }

  /** The services that were started and not ended here, the oldest first. */
  List<ChildService> services() {
    return List.copyOf(services.values());
  }

  /** Starts one more, and returns once it is a member. */
  ChildService start() {
    started++;
    disturbances++;
    ChildService service =
        ChildService.start(
            new ServiceOrders(
                address, fixture.config(), "m" + started, journal.path(), places, PACE, gaps));
    services.put(service.name(), service);
    return service;
  }

  /** Kills it. */
  void kill(ChildService service) {
    disturbances++;
    services.remove(service.name());
    service.kill();
  }

  /** Stops it in mid-work, after so many more; what it was at work on. */
  Set<String> freezeInMidWork(ChildService service, int more) {
    disturbances++;
    while (true) {
      awaitInMidWork(service, more);
      service.freeze();
      boolean unused = read();
      Set<String> held = effects.inHand(service.name());
      if (!held.isEmpty()) {
        return held;
      }
      service.thaw();
    }
  }

  /** Lets it leave in order. */
  void leave(ChildService service) {
    disturbances++;
    services.remove(service.name());
    service.leave(scene.patience());
  }

  /** Something else happened that may make messages come again. */
  void disturbed() {
    disturbances++;
  }

  /** Reads what was done, lets the load go on as far, and says whether there was anything. */
  private boolean read() {
    boolean any = journal.read();
    int allowed = effects.done() / sending.size() + AHEAD;
    sending.forEach(story -> story.allow(allowed));
    return any;
  }

  /** Waits until it holds, reading what was done meanwhile. */
  void await(String what, BooleanSupplier holds) {
    scene.await(
        what,
        () -> {
          boolean unused = read();
          return holds.getAsBoolean();
        },
        this::toString);
  }

  /** Waits until it did so many more, and is in the midst of some. */
  void awaitInMidWork(ChildService service, int more) {
    int before = effects.done(service.name());
    await(
        service.name() + " to be in mid-work",
        () ->
            effects.done(service.name()) >= before + more
                && !effects.inHand(service.name()).isEmpty());
  }

  /** Waits until it did so many more. */
  void awaitDone(ChildService service, int more) {
    int before = effects.done(service.name());
    await(
        more + " more effects of " + service.name(),
        () -> effects.done(service.name()) >= before + more);
  }

  /** Waits until all these were begun by this service too. */
  void awaitBegun(ChildService service, Set<String> ids) {
    await(
        service.name() + " to begin " + ids, () -> effects.begun(service.name()).containsAll(ids));
  }

  /** Waits until all members together did so many more. */
  void awaitDone(int more) {
    int before = effects.done();
    await(more + " more effects", () -> effects.done() >= before + more);
  }

  /**
   * Ends the load, waits for all that was confirmed, lets every service leave in order, and sees
   * that the group has nothing left and that nothing contradicts.
   */
  void finish() {
    sending.forEach(SendStory::stop);
    Duration longest = scene.patience().multipliedBy(3);
    sending.forEach(story -> story.awaitEnded(longest));
    awaitAllDone();
    services().forEach(this::leave);
    boolean unused = read();
    sending.forEach(story -> story.closeAndCheck(() -> {}, scene.patience()));
    assertEquals(List.of(), effects.findings(), this::toString);
    places.forEach(this::assertNothingIsLeft);
    System.out.printf("[bowline] %s%n", this);
  }

  /** As long as anything is done, it waits on. */
  private void awaitAllDone() {
    while (!allDone()) {
      int before = effects.done();
      boolean goesOn =
          scene.holdsWithin(
              scene.patience(), () -> (read() && effects.done() > before) || allDone());
      assertTrue(goesOn, () -> "nothing more was done, but missing is " + missing() + "; " + this);
    }
  }

  private boolean allDone() {
    return sending.stream().allMatch(story -> story.ledger().missing().isEmpty());
  }

  private Set<String> missing() {
    Set<String> missing = new TreeSet<>();
    sending.forEach(story -> missing.addAll(story.ledger().missing()));
    return missing;
  }

  /** Whoever joins now gets what is sent from now on, and nothing else. */
  private void assertNothingIsLeft(Place place) {
    Set<String> last = new TreeSet<>();
    for (int lane = 0; lane < producing.lanes(place.topic()); lane++) {
      last.add(scene.sendUntilConfirmed(producing, place, lane, "the last of lane " + lane));
    }
    Member next = scene.worker(place);
    scene.awaitTexts(next, last.toArray(String[]::new));
    Set<String> left = new TreeSet<>(next.texts());
    left.removeAll(last);
    left.remove(""); // the watermarks of the producers that were closed
    assertEquals(Set.of(), left, () -> "was done, and came again to the next member; " + this);
    next.close();
  }

  /** How many effects were repetitions. */
  int repetitions() {
    return sending.stream().mapToInt(story -> story.ledger().duplicates()).sum();
  }

  /**
   * Each time a member came or went, no lane begins again further back than its span, plus what was
   * in memory.
   */
  void assertRepetitionsBounded(int lanes) {
    int most = disturbances * lanes * (PACE.maxSpan() + PACE.maxInMemory());
    assertTrue(repetitions() <= most, () -> "more repetitions than " + most + ": " + this);
  }

  /** The counts, for people. */
  @Override
  public String toString() {
    int confirmed =
        sending.stream().mapToInt(story -> story.ledger().count(Outcome.CONFIRMED)).sum();
    return "%d confirmed, %d times a member came or went or something broke, %d repetitions, %s"
        .formatted(confirmed, disturbances, repetitions(), effects);
  }
}
