// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.attempt.AttemptKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts that are counted in a file, by one process after another. */
final class AttemptFileTest {
  private static final List<AttemptKey> ONE = List.of(new AttemptKey("orders", "billing", "1"));
  private static final List<AttemptKey> TWO = List.of(new AttemptKey("orders", "billing", "2"));

  @TempDir Path folder;

  @Test
  void theNextOneGoesOnWhereTheLastOneEnded() throws IOException {
    Path file = folder.resolve("attempts");
    try (AttemptFile first = new AttemptFile(file)) {
      first.begin(ONE);
      first.begin(ONE);
      first.begin(TWO);
      first.forgive(TWO);
      first.clear(TWO);
    }
    try (AttemptFile next = new AttemptFile(file)) {
      assertEquals(List.of(3), next.begin(ONE));
      assertEquals(List.of(1), next.begin(TWO));
      next.forgive(ONE);
      next.clear(TWO);
    }
    try (AttemptFile last = new AttemptFile(file)) {
      assertEquals(List.of(3), last.begin(ONE));
      assertEquals(List.of(1), last.begin(TWO));
    }
  }
}
