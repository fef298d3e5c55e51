// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A subscription on Kafka's own stand-in for a consumer, for what a broker does seldom. */
final class KafkaSubscriptionTest {
  private static final TopicPartition LANE_0 = new TopicPartition("orders", 0);
  private static final TopicPartition LANE_1 = new TopicPartition("orders", 1);

  private static final int MAX_SPAN = 1_000;

  /** How long a poll goes on that finds nothing. */
  private static final Duration SHORT = Duration.ofMillis(20);

  /** The same where there is something to find: it returns at once, however slow the machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Recorder lanes = new Recorder();
  private final ScriptedConsumer consumer = new ScriptedConsumer();
  private final KafkaSubscription subscription =
      new KafkaSubscription(
          consumer,
          new SubscriptionSpec("orders", "billing", 100, MAX_SPAN),
          lanes,
          Duration.ofSeconds(1));

  @BeforeEach
  void join() {
    subscription.start();
    consumer.updateBeginningOffsets(Map.of(LANE_0, 0L, LANE_1, 0L));
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(LANE_0, LANE_1)));
    assertEquals(List.of(), subscription.poll(10, SHORT));
  }

  private void store(TopicPartition lane, int from, int to) {
    IntStream.range(from, to)
        .forEach(
            offset ->
                consumer.addRecord(
                    new ConsumerRecord<>("orders", lane.partition(), offset, null, new byte[0])));
  }

  private static Map<TopicPartition, OffsetAndMetadata> offset(TopicPartition lane, long offset) {
    return Map.of(lane, new OffsetAndMetadata(offset, ""));
  }

  @Test
  void aNewGroupStartsAtTheOldestMessage() {
    store(LANE_0, 0, 1);
    assertEquals("orders/0/0", subscription.poll(10, PATIENCE).get(0).nativeId());
  }

  @Test
  void aCommitNeverPassesWhatWasReleased() {
    store(LANE_0, 0, 3);
    List<Delivery> three = subscription.poll(10, PATIENCE);
    assertTrue(subscription.release(three.get(0), Duration.ofHours(1)));
    assertTrue(subscription.accept(three.get(1)));
    assertTrue(subscription.accept(three.get(2)));
    subscription.poll(0, Duration.ZERO);
    assertEquals(Map.of(), consumer.lastCommit);
  }

  @Test
  void whatIsFetchedButNotHandedOutIsNotCommitted() {
    store(LANE_0, 0, 3);
    List<Delivery> one = subscription.poll(1, PATIENCE);
    subscription.accept(one.get(0));
    subscription.poll(0, Duration.ZERO);
    assertEquals(offset(LANE_0, 1), consumer.lastCommit);
  }

  @Test
  void whileDeliveriesFlowTheyAreCommittedInAPaceAndAllOnceNothingComes() {
    store(LANE_0, 0, 50_000);
    int polls = 0;
    for (int offset = 0; consumer.commits < 3; offset++, polls++) {
      subscription.accept(subscription.poll(1, PATIENCE).get(0));
      assertTrue(offset < 49_999, "no third commit while 50,000 deliveries flowed");
    }
    assertTrue(polls > consumer.commits, "each poll committed");
    subscription.poll(0, Duration.ZERO);
    assertEquals(offset(LANE_0, polls), consumer.lastCommit);
  }

  @Test
  void aReleasedDeliveryIsSettled() {
    store(LANE_0, 0, 1);
    Delivery one = subscription.poll(10, PATIENCE).get(0);
    assertTrue(subscription.release(one, Duration.ofHours(1)));
    assertFalse(subscription.accept(one));
    assertFalse(subscription.release(one, Duration.ZERO));
    subscription.poll(0, Duration.ZERO);
    assertEquals(Map.of(), consumer.lastCommit);
  }

  @Test
  void nothingWantedPausesEveryLaneAndWantingResumesThem() {
    subscription.poll(0, Duration.ZERO);
    assertEquals(Set.of(LANE_0, LANE_1), consumer.paused());
    subscription.poll(1, Duration.ZERO);
    assertEquals(Set.of(), consumer.paused());
  }

  @Test
  void aLaneAssignedWhileNothingIsWantedBeginsPaused() {
    TopicPartition fresh = new TopicPartition("orders", 2);
    consumer.updateBeginningOffsets(Map.of(fresh, 0L));
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(LANE_0, LANE_1, fresh)));
    subscription.poll(0, Duration.ZERO);
    assertEquals(Set.of(LANE_0, LANE_1, fresh), consumer.paused());
  }

  @Test
  void aLaneFarAheadOfItsOldestUnsettledMessageIsReadNoFurther() {
    store(LANE_0, 0, 1);
    int far = MAX_SPAN;
    store(LANE_0, far, far + 1);
    List<Delivery> two = subscription.poll(10, PATIENCE);
    subscription.accept(two.get(1));
    subscription.poll(10, Duration.ZERO);
    assertEquals(Set.of(LANE_0), consumer.paused());
    subscription.accept(two.get(0));
    subscription.poll(10, Duration.ZERO);
    assertEquals(Set.of(), consumer.paused());
  }

  @Test
  void aCommitHeldUpByARebalanceIsTriedAgain() {
    store(LANE_0, 0, 1);
    subscription.accept(subscription.poll(1, PATIENCE).get(0));
    consumer.commitFailures.add(new RebalanceInProgressException());
    consumer.commitFailures.add(new TimeoutException("slow"));
    consumer.commitFailures.add(new CommitFailedException());
    subscription.poll(0, Duration.ZERO);
    subscription.poll(0, Duration.ZERO);
    assertEquals(List.of(), List.copyOf(consumer.commitFailures));
    assertEquals(offset(LANE_0, 1), consumer.lastCommit);
  }

  @Test
  void revokedLanesAreSettledCommittedAndLetGo() {
    store(LANE_1, 0, 2);
    List<Delivery> two = subscription.poll(10, PATIENCE);
    lanes.whileRevoking = () -> assertTrue(subscription.accept(two.get(0)));
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(LANE_0)));
    subscription.poll(10, SHORT);
    assertEquals(offset(LANE_1, 1), consumer.lastCommit);
    assertFalse(subscription.accept(two.get(1)), "no longer ours");
    assertFalse(subscription.release(two.get(1), Duration.ZERO), "no longer ours");
    assertEquals(List.of("assigned [0, 1]", "revoking [1]"), lanes.heard);
  }

  @Test
  void attemptsDoNotFallWhenALaneComesBack() {
    store(LANE_1, 0, 1);
    subscription.release(subscription.poll(10, PATIENCE).get(0), Duration.ZERO);
    assertEquals(2, subscription.poll(10, PATIENCE).get(0).attempt());
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(LANE_0)));
    subscription.poll(10, SHORT);
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(LANE_0, LANE_1)));
    subscription.poll(0, SHORT);
    store(LANE_1, 0, 1);
    assertEquals(3, subscription.poll(10, PATIENCE).get(0).attempt());
  }

  @Test
  void lostLanesAreCommittedNoMore() {
    store(LANE_1, 0, 2);
    List<Delivery> two = subscription.poll(10, PATIENCE);
    subscription.accept(two.get(0));
    lanes.whileLost = () -> assertFalse(subscription.release(two.get(1), Duration.ZERO));
    consumer.schedulePollTask(() -> consumer.lose(LANE_1));
    consumer.commitFailures.add(new CommitFailedException());
    subscription.poll(10, SHORT);
    assertEquals(Map.of(), consumer.lastCommit);
    assertEquals(List.of("assigned [0, 1]", "lost [1]"), lanes.heard);
  }

  @Test
  void aCutLogIsReadAgainFromItsOldestMessage() {
    store(LANE_0, 0, 6);
    List<Delivery> six = subscription.poll(10, PATIENCE);
    subscription.accept(six.get(0));
    subscription.poll(0, Duration.ZERO);
    consumer.setPollException(
        new LogTruncationException(
            Map.of(LANE_0, 6L), Map.of(LANE_0, new OffsetAndMetadata(4, ""))));
    subscription.poll(10, SHORT);
    assertEquals(0, consumer.position(LANE_0));
    assertFalse(subscription.accept(six.get(1)), "to come again");
    assertEquals(List.of("assigned [0, 1]", "lost [0]", "assigned [0]"), lanes.heard);
  }

  @Test
  void aPositionPassedByRetentionGoesOnAtTheOldest() {
    store(LANE_0, 0, 1);
    subscription.accept(subscription.poll(10, PATIENCE).get(0));
    consumer.updateBeginningOffsets(Map.of(LANE_0, 5L));
    store(LANE_0, 5, 6);
    assertEquals("5", subscription.poll(10, PATIENCE).get(0).position());
    assertEquals(List.of("assigned [0, 1]"), lanes.heard, "nothing handed out is void");
  }

  @Test
  void troubleThatPassesIsNoException() {
    consumer.setPollException(new KafkaException("a record is corrupt"));
    assertEquals(List.of(), subscription.poll(10, Duration.ZERO));
    store(LANE_0, 0, 1);
    assertEquals(1, subscription.poll(10, PATIENCE).size());
  }

  @Test
  void troubleThatStaysEndsTheSubscription() {
    consumer.setPollException(GroupAuthorizationException.forGroupId("billing"));
    TransportException end =
        assertThrows(TransportException.class, () -> subscription.poll(10, SHORT));
    assertEquals(Verdict.REFUSED, end.verdict());
    assertEquals(end, assertThrows(TransportException.class, () -> subscription.poll(1, SHORT)));
  }

  @Test
  void anInterruptedThreadPollsNothingAndClosesInOrder() {
    store(LANE_0, 0, 1);
    subscription.accept(subscription.poll(10, PATIENCE).get(0));
    assertEquals(List.of(), subscription.poll(0, Duration.ZERO)); // commits, so no commit is due
    store(LANE_0, 1, 2);
    Thread.currentThread().interrupt();
    assertEquals(List.of(), subscription.poll(10, SHORT));
    subscription.close();
    assertTrue(Thread.interrupted());
    assertTrue(consumer.closed());
    assertEquals(offset(LANE_0, 1), consumer.lastCommit);
  }

  @Test
  void afterCloseNothingIsOurs() {
    store(LANE_0, 0, 1);
    Delivery one = subscription.poll(10, PATIENCE).get(0);
    subscription.close();
    subscription.close();
    assertFalse(subscription.accept(one));
    assertThrows(IllegalStateException.class, () -> subscription.poll(1, SHORT));
  }

  private static final class Recorder implements LaneListener {
    private final List<String> heard = new ArrayList<>();
    private Runnable whileRevoking = () -> {};
    private Runnable whileLost = () -> {};

    @Override
    public void assigned(Set<Integer> lanes) {
      heard.add("assigned " + lanes);
    }

    @Override
    public void revoking(Set<Integer> lanes) {
      heard.add("revoking " + lanes);
      whileRevoking.run();
    }

    @Override
    public void lost(Set<Integer> lanes) {
      heard.add("lost " + lanes);
      whileLost.run();
    }
  }
}
