// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random loss, duplicates, voids and reordering within the grace, against a naive model. */
class GapDetectorRandomTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration GRACE = Duration.ofMillis(100);
  private static final int NUMBERS = 200;

  private record Arrival(long at, String key, KeyNumber number) {}

  /** What the naive model expects to be told: lost, and followed by a later one that came. */
  private final TreeSet<String> lost = new TreeSet<>();

  private final List<Arrival> arrivals = new ArrayList<>();

  @RepeatedTest(200)
  void everyLossFollowedByALaterNumberIsToldOnceAndNothingElse(RepetitionInfo repetition) {
    long seed = 20_261_121L * repetition.getCurrentRepetition();
    Random random = new Random(seed);
    for (int key = 0; key < 3; key++) {
      script("key-" + key, random);
    }
    arrivals.sort(Comparator.comparingLong(Arrival::at));
    assertEquals(List.copyOf(lost), told(random), "seed " + seed);
  }

  /** One number each 10 ms; late ones within the grace, but never before the first contact. */
  private void script(String key, Random random) {
    List<String> missing = new ArrayList<>();
    long voided = 0;
    arrivals.add(new Arrival(0, key, new KeyNumber(1, 0, true)));
    for (long n = 2; n <= NUMBERS; n++) {
      double fate = random.nextDouble();
      if (fate < 0.1) {
        missing.add(key + "/" + n);
        missing.addAll(voidedBy(key, n, voided));
        voided = 0;
      } else if (fate < 0.2) {
        voided++;
      } else {
        KeyNumber number = new KeyNumber(n, voided, false);
        voided = 0;
        // Later ones come within 90 ms at most, so that a lost number's successor may come first.
        long late = fate < 0.5 ? random.nextInt(90) : 0;
        arrivals.add(new Arrival(n * 10 + late, key, number));
        if (fate > 0.9) {
          arrivals.add(new Arrival(n * 10 + random.nextInt(2_000), key, number));
        }
        lost.addAll(missing);
        missing.clear();
      }
    }
  }

  /** With the message that would have voided them, voided numbers are missing too. */
  private static List<String> voidedBy(String key, long n, long voided) {
    List<String> numbers = new ArrayList<>();
    for (long v = n - voided; v < n; v++) {
      numbers.add(key + "/" + v);
    }
    return numbers;
  }

  private List<String> told(Random random) {
    GapDetector detector = new GapDetector("t", "g", GRACE);
    List<String> told = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      Instant now = START.plusMillis(arrival.at);
      Stamp stamp = new Stamp("id", "src", 1, arrival.number);
      Map<String, String> headers = Map.of(StampCodec.HEADER, StampCodec.write(stamp));
      detector.arrived(
          0, Received.of(new Origin("t", 0, "0", "id"), arrival.key, headers, new byte[0]), now);
      if (random.nextInt(3) == 0) {
        detector.due(now).forEach(gap -> add(gap, told));
      }
    }
    detector.due(START.plusSeconds(3600)).forEach(gap -> add(gap, told));
    told.sort(Comparator.naturalOrder());
    return told;
  }

  private static void add(Gap gap, List<String> told) {
    for (long n = gap.from(); n <= gap.to(); n++) {
      told.add(gap.key() + "/" + n);
    }
  }
}
