// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.Scene.Place;
import io.bowline.testkit.ServiceOrders.Pace;
import io.bowline.transport.Connected;
import io.bowline.transport.TopicSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A message that ends each process that handles it, and the processes that come after it. */
final class FatalStory {
  private static final String BEFORE = "before";
  private static final String BEHIND = "behind";
  private static final Pace PACE = new Pace(1, Duration.ZERO, 1, 1);

  private final Scene scene;
  private final ServiceOrders orders;
  private final Place place;
  private final Place dead;

  /** The message lies in the topic, before and behind others of its key. */
  FatalStory(Scene scene, BrokerFixture fixture, String address) {
    this.scene = scene;
    this.place = scene.place(1);
    this.dead = new Place(FatalProcess.dead(place.topic()), List.of(place.topic() + "-reader"));
    scene.transport().admin().ensure(new TopicSpec(dead.topic(), 1, dead.groups()));
    Path journal = journal();
    scene.atEnd(() -> remove(journal));
    this.orders =
        new ServiceOrders(address, fixture.config(), "fatal", journal, List.of(place), PACE, 0);
    Connected broker = new Connected(scene.transport(), fixture.config(), opened -> {});
    List<Message> messages =
        List.of(BEFORE, FatalProcess.FATAL, BEHIND).stream()
            .map(text -> Message.to(place.topic()).key("k").text(text))
            .toList();
    try (ReliableProducer producer = new ProducerBuilder(broker, "shop").open()) {
      assertTrue(producer.sendAll(messages).join().allConfirmed());
    }
  }

  private static Path journal() {
    try {
      return Files.createTempFile("bowline-fatal", ".journal");
    } catch (IOException e) {
      throw new UncheckedIOException("Making a journal", e);
    }
  }

  private static void remove(Path journal) {
    try {
      Files.deleteIfExists(FatalProcess.attempts(journal));
      Files.deleteIfExists(journal);
    } catch (IOException e) {
      throw new UncheckedIOException("Removing " + journal, e);
    }
  }

  /** Starts processes one after another, until one goes on behind the message; how many ended. */
  int deaths() {
    for (int deaths = 0; deaths <= FatalProcess.LIMIT; deaths++) {
      if (!ends()) {
        return deaths;
      }
    }
    throw new AssertionError("The message ended more processes than it had attempts");
  }

  /** Whether the next one ended by the message. */
  private boolean ends() {
    ChildJvm jvm = ChildJvm.start(FatalProcess.class, orders, line -> false);
    try {
      scene.await("an end, or what is behind", () -> jvm.endsWithin(10) || did(BEHIND), jvm::said);
      boolean ended = jvm.endsWithin(0);
      if (ended) {
        assertEquals(FatalProcess.STATUS, jvm.status(), jvm::said);
      }
      return ended;
    } finally {
      jvm.kill();
    }
  }

  private boolean did(String text) {
    try {
      return Files.readString(orders.journal()).contains(" " + text + EffectWriter.END);
    } catch (IOException e) {
      throw new UncheckedIOException("Reading " + orders.journal(), e);
    }
  }

  /** The message is the one dead letter, and the others were handled. */
  void assertDead() {
    assertTrue(did(BEFORE) && did(BEHIND), "what is before and behind was handled");
    Member reader = scene.worker(dead);
    scene.awaitTexts(reader, FatalProcess.FATAL);
    assertEquals(1, reader.texts().size(), () -> "dead letters: " + reader.texts());
  }
}
