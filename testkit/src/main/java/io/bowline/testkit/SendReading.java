// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.message.Received;
import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Delivery;
import io.bowline.transport.Subscription;
import io.bowline.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads a topic from its beginning to a last message in each lane, by a connection of its own. */
final class SendReading {
  private static final String LAST = "the last of lane ";
  private static final Duration WAIT = Duration.ofMillis(100);
  private static final int MOST = 500;

  private final Scene scene;
  private final BrokerFixture fixture;

  SendReading(Scene scene, BrokerFixture fixture) {
    this.scene = scene;
    this.fixture = fixture;
  }

  void read(Place place, SendLedger ledger) {
    Transport reader = scene.connect(fixture.config());
    Set<String> last = new TreeSet<>();
    for (int lane = 0; lane < reader.lanes(place.topic()); lane++) {
      last.add(scene.sendUntilConfirmed(reader, place, lane, LAST + lane));
    }
    try (Subscription subscription = reader.subscribe(place.spec(), new Indifferent())) {
      long progress = System.nanoTime();
      while (!last.isEmpty()) {
        List<Delivery> some = subscription.poll(MOST, WAIT);
        some.forEach(delivery -> take(delivery, last, ledger));
        some.forEach(subscription::accept);
        progress = some.isEmpty() ? progress : System.nanoTime();
        if (System.nanoTime() - progress > scene.patience().toNanos()) {
          throw new AssertionError("Nothing more came, though these are stored: " + last);
        }
      }
    }
  }

  private static void take(Delivery delivery, Set<String> last, SendLedger ledger) {
    Received message = delivery.asReceived();
    if (message.text().startsWith(LAST)) {
      last.remove(message.text());
    } else {
      ledger.arrived(SendLedger.Arrived.of(message));
    }
  }
}
