// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import io.bowline.benchmarks.measure.Meter;
import io.bowline.benchmarks.measure.Turn;
import io.bowline.benchmarks.stage.Entry;
import io.bowline.benchmarks.stage.Scene;
import java.time.Duration;
import java.util.List;

/** One relay drains what waits, beside a poller that keeps no order and other libraries. */
final class DrainScene implements Scene {
  private static final String NAIVE = "naive poller, no order";

  /** How much waits, for each second that a turn is to last about; nobody is measured by it. */
  private static final int FAST = 25_000;

  private static final int SLOW = 2_500;

  private final Place place = new Place();

  @Override
  public String title() {
    return "Draining from PostgreSQL to Kafka, 1 KiB, %,d keys, %d partitions"
        .formatted(Load.KEYS, Place.LANES);
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Entry.yardstick(NAIVE, turner(NaivePoller::new, FAST)),
        new Entry("Bowline", NAIVE, turner(BowlineDrain.numbered(false), FAST)),
        new Entry("Bowline, key sequences", NAIVE, turner(BowlineDrain.numbered(true), FAST)),
        new Entry("gruelbox, no order", NAIVE, turner(OtherDrain.of("GruelboxOutbox"), SLOW)),
        new Entry("Namastack", NAIVE, turner(OtherDrain.of("NamastackOutbox"), SLOW)));
  }

  private Entry.Turner turner(Drain.Opener opener, int perSecond) {
    return time -> turn(opener, messages(time, perSecond));
  }

  private static int messages(Duration time, int perSecond) {
    return (int) Math.max(100, time.toMillis() * perSecond / 1_000);
  }

  private Turn turn(Drain.Opener opener, int messages) throws Exception {
    String topic = place.freshTopic();
    try (Drain drain = opener.open(place, topic)) {
      drain.fill(messages);
      place.tidy();
      Meter meter = new Meter();
      drain.drain(messages);
      Turn turn = new Turn(messages, meter.read());
      long stored = place.stored(topic);
      if (stored != messages) {
        throw new IllegalStateException(
            "Of " + messages + " messages there are " + stored + " in the topic");
      }
      return turn;
    }
  }

  @Override
  public void close() {
    place.close();
  }
}
