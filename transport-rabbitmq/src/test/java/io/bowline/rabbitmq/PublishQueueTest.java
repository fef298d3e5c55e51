// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PublishQueueTest {
  private final PublishQueue queue = new PublishQueue();

  private static TransportException behind(Publication each) {
    return new TransportException(Verdict.NOT_STORED, each.message() + " is behind");
  }

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
  void whatCameBeforeAFailureOfItsLaneFailsAndIsNotPublished() {
    Publication ofTheRun = added("1", 3, 1);
    assertEquals(List.of("1"), ids(queue.takeRun()));
    Publication before = added("2", 3, 2);
    Publication elsewhere = added("3", 4, 3);
    Publication after = added("4", 3, 4);
    queue.failBehind(Map.of(new TopicLane("orders", 3), 3L), PublishQueueTest::behind);
    assertEquals(Optional.of(Verdict.NOT_STORED), Messages.verdict(ofTheRun.outcome()));
    assertEquals(Optional.of(Verdict.NOT_STORED), Messages.verdict(before.outcome()));
    assertFalse(elsewhere.outcome().isDone());
    assertTrue(queue.awaitAny());
    queue.endRun(1);
    assertEquals(List.of("3"), ids(queue.takeRun()));
    assertTrue(after.outcome().isDone(), "it came before the others were told");
  }

  /** Else it is published before the next try of what it came behind. */
  @Test
  void whatComesWhileOthersAreToldFailsTooAndOvertakesNone() {
    Publication first = added("1", 3, 1);
    List<Publication> second = new ArrayList<>();
    CompletableFuture<?> unused =
        first
            .outcome()
            .whenComplete((receipt, failure) -> second.add(added("2", 3, System.nanoTime())));
    queue.failBehind(Map.of(new TopicLane("orders", 3), 2L), PublishQueueTest::behind);
    assertEquals(Optional.of(Verdict.NOT_STORED), Messages.verdict(second.get(0).outcome()));
    assertEquals(List.of(), queue.takeRun());
  }

  @Test
  void whatIsUnderWayIsNotFailedByWhatIsBehind() {
    Publication begun = added("1", 3, 1);
    assertEquals(List.of("1"), ids(queue.takeRun()));
    assertTrue(begun.begin());
    queue.failBehind(Map.of(new TopicLane("orders", 3), 3L), PublishQueueTest::behind);
    assertFalse(begun.outcome().isDone());
  }

  private Publication added(String id, int lane, long came) {
    Outstanding outstanding = new Outstanding(10, 1000);
    assertEquals(null, outstanding.enter(1));
    Publication publication =
        new Publication(Messages.message(id, lane), came, 1_000_000_000L, outstanding);
    assertTrue(queue.add(publication));
    return publication;
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
