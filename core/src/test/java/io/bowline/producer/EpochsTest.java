// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.machine.Machine;
import io.bowline.message.LaneNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which epoch a producer follows, in memory and in a folder. */
final class EpochsTest {
  @TempDir Path folder;

  @Test
  void whoeverWasClosedIsFollowedOnce() {
    RecentEpochs epochs = new RecentEpochs();
    assertEquals(OptionalLong.empty(), epochs.begin("shop", 1));
    epochs.end("shop", 1);
    assertEquals(OptionalLong.of(1), epochs.begin("shop", 2));
    assertEquals(OptionalLong.empty(), epochs.begin("shop", 3));
    assertEquals(OptionalLong.empty(), epochs.begin("till", 4));
  }

  @Test
  void whoeverIsOpenIsFollowedByNobody() {
    RecentEpochs epochs = new RecentEpochs();
    assertEquals(OptionalLong.empty(), epochs.begin("shop", 1));
    assertEquals(OptionalLong.empty(), epochs.begin("shop", 2));
    epochs.end("shop", 2);
    epochs.end("shop", 1);
    assertEquals(OptionalLong.of(2), epochs.begin("shop", 3), "the later one");
  }

  @Test
  void noMoreSourcesAreRememberedThanIsBound() {
    RecentEpochs epochs = new RecentEpochs();
    for (int i = 0; i <= RecentEpochs.MAX_SOURCES; i++) {
      epochs.end("shop-" + i, i + 1);
    }
    assertEquals(OptionalLong.empty(), epochs.begin("shop-0", 9_999));
    assertEquals(OptionalLong.of(2), epochs.begin("shop-1", 9_999));
  }

  @Test
  void aFolderRemembersThroughCrashes() {
    assertEquals(OptionalLong.empty(), new EpochFolder(folder).begin("shop", 17));
    EpochFolder next = new EpochFolder(folder);
    assertEquals(OptionalLong.of(17), next.begin("shop", 255));
    assertEquals(OptionalLong.empty(), next.begin("till", 1));
    assertEquals(OptionalLong.of(255), new EpochFolder(folder).begin("shop", 256));
  }

  @Test
  void sourcesOfAnyLettersAndLengthHaveTheirOwn() {
    EpochFolder epochs = new EpochFolder(folder.resolve("made"));
    List<String> sources = List.of("a/b", "..", "A", "a", "x".repeat(300), "x".repeat(299) + "y");
    for (int i = 0; i < sources.size(); i++) {
      assertEquals(OptionalLong.empty(), epochs.begin(sources.get(i), i + 1));
    }
    for (int i = 0; i < sources.size(); i++) {
      assertEquals(OptionalLong.of(i + 1), epochs.begin(sources.get(i), 99));
    }
  }

  @Test
  void aFileThatHoldsNoEpochIsNotGuessed() throws IOException {
    EpochFolder epochs = new EpochFolder(folder);
    var unused = epochs.begin("shop", 1);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> !each.toString().endsWith(".lock")).toList()) {
        Files.writeString(file, "rubbish");
      }
    }
    var failure = assertThrows(UncheckedIOException.class, () -> epochs.begin("shop", 2));
    assertTrue(String.valueOf(failure.getCause()).contains("delete it"), failure::toString);
  }

  @Test
  void aClockThatWasMovedBackMakesNoEarlierEpoch() {
    EpochFolder epochs = new EpochFolder(folder);
    var unused = epochs.begin("shop", Long.MAX_VALUE - 1);
    Incarnation life = Incarnation.begin("shop", epochs, Machine.REAL);
    assertEquals(Long.MAX_VALUE, life.epoch());
    assertEquals(Long.MAX_VALUE - 1, life.previous());
  }

  @Test
  void nothingRememberedIsNothingKnown() {
    Incarnation life = Incarnation.begin("shop", new RecentEpochs(), Machine.REAL);
    assertEquals(LaneNumber.NOT_KNOWN, life.previous());
  }
}
