// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class DeliveryTagsTest {
  private final DeliveryTags tags = new DeliveryTags();
  private final List<String> acks = new ArrayList<>();

  @Test
  void aRunFromTheLowestIsOneAcknowledgement() throws IOException {
    handOutUpTo(5);
    accept(3, 1, 2);
    flush();
    assertEquals(List.of("..3"), acks);
  }

  @Test
  void nothingIsAcknowledgedAcrossAnUnsettledOne() throws IOException {
    handOutUpTo(5);
    accept(1, 3, 5);
    flush();
    assertEquals(List.of("..1", "3", "5"), acks);
  }

  @Test
  void theRunGoesNoFurtherThanWhatIsNewlyAccepted() throws IOException {
    handOutUpTo(4);
    accept(3);
    flush();
    accept(1, 2);
    flush();
    // The broker knows 3 no longer, and would close the channel over it.
    assertEquals(List.of("3", "..2"), acks);
  }

  @Test
  void aTagIsAcceptedOnce() {
    handOutUpTo(1);
    assertTrue(tags.accept(1));
    assertFalse(tags.accept(1));
    assertFalse(tags.accept(2));
  }

  @Test
  void flushingNothingSaysNothing() throws IOException {
    handOutUpTo(2);
    flush();
    assertEquals(List.of(), acks);
  }

  @Test
  void whateverIsAcceptedIsAcknowledgedAndNothingElse() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Broker broker = new Broker();
    TreeSet<Long> held = new TreeSet<>();
    TreeSet<Long> accepted = new TreeSet<>();
    long next = 1;
    for (int step = 0; step < 5_000; step++) {
      int dice = random.nextInt(10);
      if (dice < 4) {
        tags.handedOut(next);
        broker.unacknowledged.add(next);
        held.add(next++);
      } else if (dice < 9 && !held.isEmpty()) {
        long tag = pick(held, random);
        assertTrue(tags.accept(tag), "seed " + seed);
        held.remove(tag);
        accepted.add(tag);
      } else {
        tags.flush(broker::ack);
        accepted.clear();
      }
      TreeSet<Long> left = new TreeSet<>(held);
      left.addAll(accepted);
      assertEquals(left, broker.unacknowledged, "seed " + seed + ", step " + step);
    }
  }

  private static long pick(NavigableSet<Long> held, Random random) {
    Long some = held.floor(held.first() + random.nextInt(1 + (int) (held.last() - held.first())));
    return some == null ? held.first() : some;
  }

  private void handOutUpTo(int last) {
    for (int tag = 1; tag <= last; tag++) {
      tags.handedOut(tag);
    }
  }

  private void accept(long... some) {
    for (long tag : some) {
      assertTrue(tags.accept(tag));
    }
  }

  private void flush() throws IOException {
    tags.flush((tag, multiple) -> acks.add((multiple ? ".." : "") + tag));
  }

  /** Acknowledges as RabbitMQ does: a tag that it does not know is an error, also with multiple. */
  private static final class Broker {
    private final TreeSet<Long> unacknowledged = new TreeSet<>();

    void ack(long tag, boolean multiple) {
      assertTrue(unacknowledged.remove(tag), "unknown delivery tag " + tag);
      if (multiple) {
        unacknowledged.headSet(tag).clear();
      }
    }
  }
}
