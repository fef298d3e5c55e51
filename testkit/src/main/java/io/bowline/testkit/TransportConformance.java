// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.Scene.Place;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.Provisioning.Part.State;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every transport does, each behaviour a test. A transport's own tests inherit them:
 *
 * <pre>{@code
 * final class KafkaConformanceIT extends TransportConformance {
 *   @Override
 *   protected BrokerFixture broker() {
 *     return BrokerFixture.of(Servers.kafka());
 *   }
 *
 *   @Override
 *   protected Map<String, String> impossible() {
 *     return Map.of("bothMembersGetWork", "why the broker, not the transport, cannot");
 *   }
 * }
 * }</pre>
 *
 * <p>{@link ServerFixture} has methods to override where the client needs properties, more patience
 * or another lease.
 *
 * <p>Every behaviour works on names of its own, so that one broker serves the whole class; some
 * pause or kill it, so nothing else may use it meanwhile. Where a behaviour needs several unsettled
 * deliveries of a lane it sends first and subscribes then, and holds at most six. The behaviours of
 * sending, settling, sharing and backlogs are in this class's own superclasses, one a chapter; they
 * are reported, as these are, under the name of the subclass.
 */
public abstract class TransportConformance extends BacklogConformance {

  /** For subclasses. */
  protected TransportConformance() {}

  @Test
  final void aRestartLosesNoConfirmedMessage() {
    BreakableBroker broker = scene().breaksTheBroker();
    Place place = scene().place(2);
    Map<String, CompletableFuture<Receipt>> sends = new LinkedHashMap<>();
    for (int i = 0; i < 200; i++) {
      Outgoing message = Samples.message(place.topic(), i % 2, "m" + i);
      sends.put("m" + i, scene().transport().send(message));
      if (i == 100) {
        sends.values().forEach(scene()::confirmed);
      }
    }
    broker.kill();
    broker.heal();
    sends.values().removeIf(send -> !scene().isConfirmed(send));
    Member member = scene().worker(place);
    scene().awaitTexts(member, sends.keySet().toArray(String[]::new));
  }

  @Test
  final void sendsAndSubscriptionsResumeAfterARestart() {
    BreakableBroker broker = scene().breaksTheBroker();
    Place place = scene().place(2);
    Transport transport = scene().connect(fixture().config().confirmTimeout(soon()));
    Member member = scene().join(transport, place, true);
    scene().awaitTexts(member, scene().sendUntilConfirmed(transport, place, 0, "before"));
    broker.kill();
    broker.heal();
    scene().awaitTexts(member, scene().sendUntilConfirmed(transport, place, 0, "after"));
    scene().awaitTexts(member, scene().sendUntilConfirmed(transport, place, 1, "after too"));
  }

  @Test
  final void aDeliveryFromBeforeARestartSettlesTrulyOrNotAtAll() {
    BreakableBroker broker = scene().breaksTheBroker();
    Place place = scene().place(2);
    Member member = scene().holder(place);
    scene().store(place, 0, "held");
    scene().awaitTexts(member, "held");
    Arrival held = member.latest("held");
    broker.kill();
    broker.heal();
    String later = scene().sendUntilConfirmed(scene().transport(), place, 1, "later");
    scene().awaitTexts(member, later);
    boolean lostBefore = member.lost().contains(0);
    boolean accepted = member.accept(held);
    assertFalse(lostBefore && accepted, "its lane was lost before it was accepted");
    member.close();
    boolean settled = accepted && !member.lost().contains(0);
    scene().store(place, 0, "sentinel");
    Member next = scene().worker(place);
    scene().awaitTexts(next, "sentinel");
    if (settled) {
      assertEquals(0, next.count("held"), "it was said to be settled, and came again");
    } else {
      scene().awaitTexts(next, "held");
    }
  }

  @Test
  final void aPauseEndsNoSubscription() {
    BreakableBroker broker = scene().breaksTheBroker();
    Place place = scene().place(1);
    scene().store(place, 0, "a");
    try (Subscription subscription =
        scene().transport().subscribe(place.spec(), new Indifferent())) {
      scene().awaitOne(subscription);
      broker.pause();
      long start = System.nanoTime();
      assertEquals(List.of(), subscription.poll(10, soon()));
      assertWithin(start, soon().plus(SLACK), "a poll of a paused broker");
      broker.heal();
      scene().sendUntilConfirmed(scene().transport(), place, 0, "b");
      scene().awaitOne(subscription);
    }
  }

  @Test
  final void closingIsBoundedWhileTheBrokerIsPaused() {
    BreakableBroker broker = scene().breaksTheBroker();
    Place place = scene().place(1);
    TransportConfig hasty = fixture().config().connectTimeout(soon()).confirmTimeout(soon());
    Transport transport = scene().connect(hasty);
    Subscription subscription = transport.subscribe(place.spec(), new Indifferent());
    subscription.poll(10, soon());
    broker.pause();
    long start = System.nanoTime();
    subscription.close();
    assertWithin(start, soon().plus(SLACK), "closing a subscription");
    start = System.nanoTime();
    transport.close();
    assertWithin(start, soon().plus(SLACK), "closing a transport");
  }

  @Test
  final void anAddressWithoutBrokerIsNamedInTime() {
    TransportConfig nowhere = fixture().nowhere().connectTimeout(soon());
    long start = System.nanoTime();
    TransportException failure =
        assertThrows(TransportException.class, () -> scene().connect(nowhere));
    assertWithin(start, soon().plus(SLACK), "connecting to nobody");
    assertEquals(Verdict.UNKNOWN, failure.verdict(), failure.getMessage());
    String host = nowhere.address().hosts(0).get(0);
    String name = host.endsWith(":0") ? host.substring(0, host.length() - 2) : host;
    assertTrue(
        String.valueOf(failure.getMessage()).contains(name),
        name + " is not in: " + failure.getMessage());
  }

  @Test
  final void anUnknownTopicCannotBeSubscribed() {
    String missing = Scene.name();
    SubscriptionSpec spec = new SubscriptionSpec(missing, missing + "-g", 10);
    TransportException failure =
        assertThrows(
            TransportException.class,
            () -> scene().transport().subscribe(spec, new Indifferent()).close());
    assertEquals(Verdict.REFUSED, failure.verdict(), failure.getMessage());
  }

  @Test
  final void ensureMakesTheLanesOnce() {
    Place place = scene().place(3);
    TopicSpec spec = TopicSpec.of(place.topic()).groups(place.group());
    assertEquals(3, scene().transport().lanes(place.topic()));
    scene().store(place, 2, "kept");
    scene().transport().admin().ensure(spec.lanes(3));
    TransportException failure =
        assertThrows(
            TransportException.class, () -> scene().transport().admin().ensure(spec.lanes(5)));
    assertEquals(Verdict.REFUSED, failure.verdict(), failure.getMessage());
    assertEquals(3, scene().transport().lanes(place.topic()));
    scene().awaitTexts(scene().worker(place), "kept");
  }

  @Test
  final void aPlanMakesNothingAndTellsWhatIsMissing() {
    String topic = Scene.name();
    TopicSpec spec = TopicSpec.of(topic).lanes(2).groups("billing").deadLetters(topic + "-dead");
    BrokerAdmin admin = scene().transport().admin();
    List<Part> planned = admin.plan(spec).parts();
    assertTrue(planned.stream().allMatch(part -> part.state() == State.MISSING), planned::toString);
    assertTrue(named(planned, "topic " + topic), planned::toString);
    assertTrue(named(planned, "topic " + topic + "-dead"), planned::toString);
    assertEquals(planned, admin.plan(spec).parts(), "the first plan made something");
    List<Part> made = admin.ensure(spec).parts();
    assertEquals(names(planned), names(made), "other things were made than were planned");
    assertTrue(made.stream().allMatch(part -> part.state() == State.MADE), made::toString);
    Provisioning after = admin.plan(spec);
    assertTrue(after.isAsAsked(), after::toString);
    assertEquals(1, scene().transport().lanes(topic + "-dead"));
  }

  @Test
  final void aPlanTellsOtherLanesWithBothSides() {
    Place place = scene().place(3);
    Provisioning plan = scene().transport().admin().plan(TopicSpec.of(place.topic()).lanes(5));
    assertEquals(3, plan.lanes());
    Part lanes = plan.parts(State.DIFFERENT).get(0);
    assertEquals("5 lanes", lanes.wanted());
    assertEquals("3 lanes", lanes.found());
  }

  @Test
  final void deadLettersOfOtherLanesAreTakenAsTheyAre() {
    Place dead = scene().place(3);
    TopicSpec spec = TopicSpec.of(Scene.name()).lanes(2).deadLetters(dead.topic());
    scene().transport().admin().ensure(spec);
    assertEquals(3, scene().transport().lanes(dead.topic()));
  }

  private static Set<String> names(List<Part> parts) {
    return parts.stream().map(Part::what).collect(Collectors.toSet());
  }

  private static boolean named(List<Part> parts, String what) {
    return names(parts).contains(what);
  }
}
