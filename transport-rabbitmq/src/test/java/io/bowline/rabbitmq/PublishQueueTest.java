// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PublishQueueTest {
  private final PublishQueue queue = new PublishQueue();

  @Test
  void whatARunDidNotPublishGoesBackToItsPlace() {
    addUpTo(4);
    assertEquals(List.of("1", "2", "3", "4"), ids(queue.takeRun()));
    addAt("5", 50);
    queue.endRun(2);
    assertTrue(queue.awaitAny());
    assertEquals(List.of("3", "4", "5"), ids(queue.takeRun()));
  }

  @Test
  void aRunIsBounded() {
    addUpTo(PublishQueue.LONGEST_RUN + 3);
    assertEquals(PublishQueue.LONGEST_RUN, queue.takeRun().size());
    queue.endRun(PublishQueue.LONGEST_RUN);
    assertEquals(3, queue.takeRun().size());
  }

  @Test
  void theLateOnesOfARunAreHandedOutToo() {
    addUpTo(3);
    List<Publication> run = queue.takeRun();
    addAt("4", 4);
    assertEquals(List.of("1", "2", "3", "4"), ids(queue.removeLate(4)));
    assertEquals(3, run.size());
    queue.endRun(3);
    assertEquals(List.of(), queue.takeRun());
  }

  @Test
  void whatWaitsBehindALateOneOfItsLaneGoesWithIt() {
    addAt("1", 1);
    addAt("9", 9);
    assertTrue(queue.add(Messages.publication(Messages.message("other lane", 4), 9)));
    addAt("10", 10);
    assertEquals(List.of("1", "9", "10"), ids(queue.removeLate(1)));
    assertEquals(List.of("other lane"), ids(queue.takeRun()));
  }

  @Test
  void soItGoesBehindALateOneOfTheRun() {
    addAt("1", 1);
    List<Publication> run = queue.takeRun();
    addAt("9", 9);
    assertEquals(List.of("1", "9"), ids(queue.removeLate(1)));
    queue.endRun(run.size());
    assertEquals(List.of(), queue.takeRun());
  }

  @Test
  void removedOnesAreNotPublished() {
    addUpTo(2);
    List<Publication> run = queue.takeRun();
    addAt("3", 3);
    addAt("4", 4);
    assertEquals(
        List.of("2", "4"),
        ids(queue.removeAll(each -> Integer.parseInt(each.message().messageId()) % 2 == 0)));
    queue.endRun(run.size());
    assertEquals(List.of("3"), ids(queue.takeRun()));
  }

  @Test
  void aClosedQueueHandsOutAllAndTakesNothing() {
    addUpTo(3);
    List<Publication> run = queue.takeRun();
    addAt("4", 4);
    assertEquals(List.of("1", "2", "3", "4"), ids(queue.close()));
    assertFalse(queue.add(Messages.publication("5", 5)));
    queue.endRun(run.size() - 1);
    assertFalse(queue.awaitAny());
    assertEquals(List.of(), queue.takeRun());
  }

  private void addUpTo(int count) {
    IntStream.rangeClosed(1, count).forEach(i -> addAt("" + i, i));
  }

  private void addAt(String id, long deadline) {
    assertTrue(queue.add(Messages.publication(id, deadline)));
  }

  private static List<String> ids(List<Publication> publications) {
    return publications.stream().map(each -> each.message().messageId()).toList();
  }
}
