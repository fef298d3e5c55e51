// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static io.bowline.kafka.SenderScene.await;
import static io.bowline.kafka.SenderScene.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a send, on Kafka's own stand-in for a producer. */
final class KafkaSenderTest {
  private final SenderScene scene = new SenderScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void theReceiptNamesTheOffset() {
    CompletableFuture<Receipt> send = scene.send("a");
    assertFalse(send.isDone());
    assertTrue(scene.producer().completeNext());
    assertEquals(new Receipt("a", "orders", 2, "0"), send.join());
  }

  @Test
  void aRepetitionThatTheBrokerRecognisedIsConfirmedWithoutOffset() {
    scene.producer().answer =
        callback ->
            callback.onCompletion(
                new RecordMetadata(new TopicPartition("orders", 2), -1, -1, 0, 0, 0), null);
    assertEquals("", scene.send("a").join().position());
  }

  @Test
  void aTimeoutBeforeAnyBatchIsNotStored() {
    scene.producer().answer = callback -> callback.onCompletion(null, new TimeoutException("1 s"));
    assertEquals(Verdict.NOT_STORED, failure(scene.send("a")).verdict());
    assertEquals(List.of("orders"), scene.unreachable);
  }

  @Test
  void theSameTimeoutFromTheBatchIsUnknown() {
    CompletableFuture<Receipt> send = scene.send("a");
    scene.producer().errorNext(new TimeoutException("Expiring 1 record(s)"));
    assertEquals(Verdict.UNKNOWN, failure(send).verdict());
    assertEquals(List.of(), scene.unreachable);
  }

  @Test
  void aTimeoutToldByAnotherThreadDuringTheSendIsUnknown() {
    scene.producer().answer =
        callback ->
            CompletableFuture.runAsync(
                    () -> callback.onCompletion(null, new TimeoutException("Expiring")))
                .join();
    assertEquals(Verdict.UNKNOWN, failure(scene.send("a")).verdict());
  }

  @Test
  void aRefusalLeavesTheProducerInPlace() {
    CompletableFuture<Receipt> send = scene.send("a");
    scene.producer().errorNext(new RecordTooLargeException("2 MB"));
    assertEquals(Verdict.REFUSED, failure(send).verdict());
    CompletableFuture<Receipt> next = scene.send("b");
    scene.producer().completeNext();
    assertEquals("b", next.join().messageId());
    assertEquals(1, scene.opened.size());
  }

  @Test
  void aRefusalAfterARetryIsUnknown() {
    CompletableFuture<Receipt> send = scene.send("a");
    scene.producer().retries = 1;
    scene.producer().errorNext(new RecordTooLargeException("2 MB"));
    assertEquals(Verdict.UNKNOWN, failure(send).verdict());
  }

  @Test
  void aRetryLongBeforeTheSendProvesNothingAgainstIt() {
    scene.producer().retries = 1;
    await(
        () -> {
          CompletableFuture<Receipt> send = scene.send("a");
          scene.producer().errorNext(new RecordTooLargeException("2 MB"));
          return failure(send).verdict() == Verdict.REFUSED;
        });
  }

  @Test
  void aBadLaneIsRefused() {
    assertEquals(Verdict.REFUSED, failure(scene.send("a", -1)).verdict());
    assertEquals(Verdict.REFUSED, failure(scene.send("a", Integer.MAX_VALUE)).verdict());
    assertFalse(scene.producer().closed());
  }

  @Test
  void aProducerThatNeverAnswersEndsUnknownInTime() {
    try (SenderScene impatient = new SenderScene(Duration.ofMillis(200), LoginWatch.NONE)) {
      CompletableFuture<Receipt> send = impatient.send("a");
      await(send::isDone);
      TransportException failure = failure(send);
      assertEquals(Verdict.UNKNOWN, failure.verdict());
      assertTrue(String.valueOf(failure.getMessage()).contains("PT0.2S"), failure.getMessage());
    }
  }

  @Test
  void aLateAnswerChangesNothing() {
    try (SenderScene impatient = new SenderScene(Duration.ofMillis(200), LoginWatch.NONE)) {
      CompletableFuture<Receipt> send = impatient.send("a");
      await(send::isDone);
      assertTrue(impatient.producer().completeNext());
      assertEquals(Verdict.UNKNOWN, failure(send).verdict());
    }
  }

  @Test
  void aSendAfterCloseIsRefused() {
    scene.close();
    assertEquals(Verdict.REFUSED, failure(scene.send("a")).verdict());
    assertTrue(scene.producer().closed());
  }

  @Test
  void whatIsUnderWayAtCloseIsUnknown() {
    CompletableFuture<Receipt> send = scene.send("a");
    scene.close();
    assertEquals(Verdict.UNKNOWN, failure(send).verdict());
  }

  @Test
  void anInterruptedThreadCanClose() {
    Thread.currentThread().interrupt();
    scene.close();
    assertTrue(Thread.interrupted());
    assertTrue(scene.producer().closed());
  }

  @Test
  void theMessageTellsWhatWasTriedAndWhere() {
    CompletableFuture<Receipt> send = scene.send("a");
    scene.producer().errorNext(new RecordTooLargeException("2 MB"));
    assertEquals(
        "Sending message a to topic orders lane 2 failed: RecordTooLargeException: 2 MB. Send a"
            + " smaller body, or raise the topic's max.message.bytes and the property"
            + " max.request.size.",
        failure(send).getMessage());
  }
}
