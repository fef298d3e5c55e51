// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.Gap;
import io.bowline.message.Lanes;
import io.bowline.message.Message;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Connected;
import io.bowline.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;

/**
 * One producer's messages in turn to all lanes of a topic, what the broker lost of them, and what
 * consumers of one group say is missing. Used by one thread.
 */
final class LossStory {
  private final Scene scene;
  private final BrokerFixture fixture;
  private final Place place;
  private final Connected broker;
  private final UnaryOperator<ConsumerBuilder> with;
  private final ReliableProducer producer;
  private final List<String> keys = new ArrayList<>();
  private final Set<String> kept = new TreeSet<>();
  private final Set<String> lost = new TreeSet<>();
  private final Set<String> handled = ConcurrentHashMap.newKeySet();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();
  private final Duration lateness;
  private int perLane;

  /** What a producer and a consumer are made with. */
  record With(UnaryOperator<ProducerBuilder> producer, UnaryOperator<ConsumerBuilder> consumer) {}

  LossStory(Scene scene, BrokerFixture fixture, int lanes, With with) {
    this.scene = scene;
    this.fixture = fixture;
    this.with = with.consumer;
    this.place = scene.place(lanes);
    this.broker = new Connected(scene.transport(), fixture.config(), opened -> {});
    this.producer = with.producer.apply(new ProducerBuilder(broker, "shop")).open();
    for (int lane = 0; lane < lanes; lane++) {
      keys.add(keyOf(lane, lanes));
    }
    scene.atEnd(producer::close);
    try (Subscription asked = scene.transport().subscribe(place.spec(), new Indifferent())) {
      lateness = asked.lateness();
    }
  }

  private static String keyOf(int lane, int lanes) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> "key-" + i)
        .filter(key -> Lanes.of(key, lanes) == lane)
        .findFirst()
        .orElseThrow();
  }

  /** Sends so many to each lane, one after another; their names are {@code lane:number}. */
  void send(int more) {
    kept.addAll(sent(more));
  }

  private List<String> sent(int more) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < more; i++) {
      perLane++;
      for (int lane = 0; lane < keys.size(); lane++) {
        String name = lane + ":" + perLane;
        var unused = producer.send(Message.to(place.topic()).key(keys.get(lane)).text(name)).join();
        names.add(name);
      }
    }
    return names;
  }

  /** One more member. */
  ReliableConsumer start() {
    return with.apply(new ConsumerBuilder(broker, place.topic(), place.group()))
        .onGap(gaps::add)
        .start(message -> handled.add(message.text()));
  }

  /** A member does so many of each lane, and leaves. */
  void consume(int more) {
    try (ReliableConsumer consumer = start()) {
      send(more);
      awaitHandled();
      assertEquals(place.group(), consumer.group());
    }
  }

  /** A member does so many of each lane, and stays until all that was lost is named. */
  void consumeUntilNamed(int more) {
    try (ReliableConsumer consumer = start()) {
      send(more);
      awaitHandled();
      scene.await("what was lost to be named", () -> named().containsAll(lost), this::toString);
      assertEquals(place.group(), consumer.group());
    }
  }

  /** So many of each lane are stored and lost, while no member is there. */
  void lose(int more) {
    List<String> names = sent(more);
    boolean can = fixture.lose(place.topic(), place.group());
    Assumptions.assumeTrue(can, "nothing can be lost on this broker");
    lost.addAll(names);
  }

  /** Waits until all that was not lost is handled. */
  void awaitHandled() {
    scene.await("all to be handled", () -> handled.containsAll(kept), this::toString);
  }

  /** Gives whoever misses something the time to say so. */
  void awaitNothingNamed() {
    boolean named = scene.holdsWithin(lateness.plusSeconds(1), () -> !gaps.isEmpty());
    assertFalse(named, this::toString);
  }

  private Set<String> named() {
    Set<String> named = new TreeSet<>();
    for (Gap gap : gaps) {
      LongStream.rangeClosed(gap.from(), gap.to())
          .forEach(number -> named.add(gap.lane() + ":" + number));
    }
    return named;
  }

  /** What was lost is named, each number once, and nothing else is. */
  void finish() {
    assertEquals(lost, named(), this::toString);
    int numbers = gaps.stream().mapToInt(gap -> (int) (gap.to() - gap.from() + 1)).sum();
    assertEquals(lost.size(), numbers, () -> "some were named twice: " + gaps);
    assertEquals(Set.of(), both(handled, lost), "were handled, and should be lost");
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    return Collections.disjoint(one, other) ? Set.of() : new TreeSet<>(one);
  }

  /** For people. */
  @Override
  public String toString() {
    Set<String> left = new TreeSet<>(kept);
    left.removeAll(handled);
    return "lost " + lost + ", named " + gaps + ", not handled " + left;
  }
}
