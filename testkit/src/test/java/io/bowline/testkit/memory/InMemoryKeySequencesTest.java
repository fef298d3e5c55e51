// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.sequence.KeySequences;
import io.bowline.sequence.SequenceKey;
import io.bowline.testkit.KeySequencesConformance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers of keys in memory. */
final class InMemoryKeySequencesTest extends KeySequencesConformance {
  private final InMemoryKeySequences shared = new InMemoryKeySequences();

  @Override
  protected KeySequences open() {
    return shared;
  }

  @Test
  void theLastNumberCanBeAskedFor() {
    SequenceKey key = new SequenceKey("orders", "k");
    assertEquals(0, shared.last("shop", key));
    assertEquals(List.of(1L), shared.next("shop", List.of(key), Duration.ZERO));
    assertEquals(1, shared.last("shop", key));
  }
}
