// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import io.bowline.jdbc.JdbcOutbox;
import io.bowline.message.Message;
import io.bowline.outbox.OutboxRelay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One relay of Bowline's, all by default. */
final class BowlineDrain implements Drain {
  private static final int AT_ONCE = 500;
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final String WAITING = "select 1 from bowline_outbox limit 1";

  private final Place place;
  private final String topic;
  private final JdbcOutbox outbox;
  private final SimpleMeterRegistry figures = new SimpleMeterRegistry();
  private @Nullable OutboxRelay relay;

  private BowlineDrain(Place place, String topic, boolean numbered) throws Exception {
    this.place = place;
    this.topic = topic;
    JdbcOutbox plain = JdbcOutbox.in(place.database(), topic);
    this.outbox = numbered ? plain.keySequences(topic) : plain;
    place.execute("truncate bowline_outbox, bowline_key_sequence");
  }

  static Opener numbered(boolean numbered) {
    return (place, topic) -> new BowlineDrain(place, topic, numbered);
  }

  @Override
  public void fill(int messages) throws Exception {
    for (int from = 0; from < messages; from += AT_ONCE) {
      List<Message> some = new ArrayList<>();
      for (int number = from; number < Math.min(messages, from + AT_ONCE); number++) {
        some.add(Load.message(topic, number));
      }
      var unused = outbox.inTransaction(connection -> outbox.append(connection, some));
    }
  }

  @Override
  public void drain(int messages) throws Exception {
    relay = OutboxRelay.of(outbox, place.bowline().producer(topic)).metrics(figures).start();
    while (figures.get("bowline.outbox.sent").counter().count() < messages) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    place.awaitNone(WAITING);
  }

  @Override
  public void close() {
    if (relay != null) {
      relay.close();
    }
  }
}
