// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.retry.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a key whose numbers a store hands out to several producers: refused, unknown,
 * held back and crashed sends, numbers of others between, producers that forget the key. Who reads
 * one producer by the rules of docs/wire-format.md misses nothing, since nothing is lost.
 */
class KeySequencePropertiesTest {
  private static final boolean LONG = Boolean.getBoolean("bowline.long");
  private static final int HISTORIES = LONG ? 200_000 : 2_000;
  private static final int STEPS = 40;
  private static final long SEED = Long.getLong("bowline.seed", System.nanoTime());
  private static final KeyRules RULES = new KeyRules(1, true);

  /** Reads the numbers of one producer, as a consumer does. */
  private static final class Reader {
    final Set<Long> missing = new TreeSet<>();
    private long expected;

    void arrived(KeyNumber number) {
      long sequence = number.sequence();
      if (expected > 0 && !number.first()) {
        for (long absent = expected; absent < sequence; absent++) {
          missing.add(absent);
        }
      }
      missing.remove(sequence);
      for (long told = number.firstVoided(); told <= number.lastVoided(); told++) {
        missing.remove(told);
      }
      expected = Math.max(expected, sequence + 1);
    }
  }

  /** One of several producers of the source. */
  private static final class Writer {
    final Reader reader = new Reader();
    KeyLine line = new KeyLine(0, RULES);
  }

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<String> story = new ArrayList<>();
  private long drawn;

  private void play() {
    story.clear();
    drawn = 0;
    List<Writer> writers = List.of(new Writer(), new Writer());
    for (int step = 0; step < STEPS; step++) {
      int who = random.nextInt(10) < 8 ? 0 : 1;
      drawn++;
      story.add(who + " draws " + drawn);
      step(writers.get(who), random.nextInt(12));
    }
    for (Writer writer : writers) {
      assertEquals(Set.of(), writer.reader.missing, () -> "seed " + SEED + ": " + story);
    }
  }

  private void step(Writer writer, int chance) {
    switch (chance) {
      case 0 -> story.add("and dies, or never hears of it");
      case 1 -> {
        story.add("and forgets the key");
        writer.line = new KeyLine(0, RULES);
      }
      case 2 -> {
        story.add("and it never has its turn");
        writer.line.neverBegins(admitted(writer.line));
      }
      default -> send(writer, chance);
    }
  }

  private PendingSend admitted(KeyLine line) {
    PendingSend send =
        new PendingSend(Message.to("t").key("k"), "id", new Sending(Retry.forever(), 0), 0);
    send.number = drawn;
    assertFalse(line.tooLow(send));
    assertTrue(line.admit(send));
    return send;
  }

  private void send(Writer writer, int chance) {
    KeyLine line = writer.line;
    PendingSend send = admitted(line);
    line.begins(send);
    KeyNumber number = send.keyNumber;
    assertTrue(number != null);
    assertEquals(drawn, number.sequence());
    line.answered();
    if (chance == 3) {
      story.add("and it is refused");
      line.givenUp(send, Outcome.REJECTED);
    } else if (chance == 4 || chance == 5) {
      story.add("and it ends unknown" + (chance == 5 ? ", stored" : ""));
      line.givenUp(send, Outcome.UNKNOWN);
      if (chance == 5) {
        writer.reader.arrived(number);
      }
    } else {
      assertFalse(line.confirmed(number));
      writer.reader.arrived(number);
    }
  }

  @Test
  void withoutALossNoNumberIsMissed() {
    for (int i = 0; i < HISTORIES; i++) {
      play();
    }
  }
}
