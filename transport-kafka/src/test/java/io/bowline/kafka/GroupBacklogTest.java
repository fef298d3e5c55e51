// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** What is unread of a partition, whatever the group committed. */
class GroupBacklogTest {

  private static OffsetAndMetadata at(long offset) {
    return new OffsetAndMetadata(offset);
  }

  @Test
  void itIsWhatLiesBehindTheCommit() {
    assertEquals(60, GroupBacklog.unread(at(40), 10, 100));
    assertEquals(0, GroupBacklog.unread(at(100), 10, 100));
  }

  @Test
  void withoutACommitItIsAllThatIsKept() {
    assertEquals(90, GroupBacklog.unread(null, 10, 100));
    assertEquals(0, GroupBacklog.unread(null, 100, 100));
  }

  @Test
  void whatRetentionTookIsNotCounted() {
    assertEquals(90, GroupBacklog.unread(at(3), 10, 100));
  }

  @Test
  void aLogThatEndsBeforeTheCommitIsReadFromItsBeginning() {
    assertEquals(90, GroupBacklog.unread(at(101), 10, 100));
  }
}
