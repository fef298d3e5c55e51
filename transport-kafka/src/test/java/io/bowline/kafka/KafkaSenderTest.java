// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a send, on Kafka's own stand-in for a producer. */
final class KafkaSenderTest {
  private static final Outgoing MESSAGE =
      new Outgoing("id-1", "orders", 2, "key", Map.of(), new byte[] {1});

  private final List<Scripted> opened = new ArrayList<>();
  private final List<String> unreachable = new ArrayList<>();
  private final KafkaSender sender = sender(Duration.ofSeconds(30));

  private KafkaSender sender(Duration confirmTimeout) {
    return new KafkaSender(this::open, confirmTimeout, unreachable::add);
  }

  private Producer<byte[], byte[]> open() {
    Scripted producer = new Scripted();
    opened.add(producer);
    return producer;
  }

  @AfterEach
  void close() {
    sender.close();
  }

  @Test
  void theReceiptNamesTheOffset() {
    CompletableFuture<Receipt> send = sender.send(MESSAGE);
    assertFalse(send.isDone());
    assertTrue(opened.get(0).completeNext());
    assertEquals(new Receipt("id-1", "orders", 2, "0"), send.join());
  }

  @Test
  void aRepetitionThatTheBrokerRecognisedIsConfirmedWithoutOffset() {
    opened.get(0).answer =
        callback ->
            callback.onCompletion(
                new RecordMetadata(new TopicPartition("orders", 2), -1, -1, 0, 0, 0), null);
    assertEquals("", sender.send(MESSAGE).join().position());
  }

  @Test
  void aTimeoutBeforeAnyBatchIsNotStored() {
    opened.get(0).answer = callback -> callback.onCompletion(null, new TimeoutException("1 s"));
    assertEquals(Verdict.NOT_STORED, failure(sender.send(MESSAGE)).verdict());
    assertEquals(List.of("orders"), unreachable);
  }

  @Test
  void theSameTimeoutFromTheBatchIsUnknown() {
    CompletableFuture<Receipt> send = sender.send(MESSAGE);
    opened.get(0).errorNext(new TimeoutException("Expiring 1 record(s)"));
    assertEquals(Verdict.UNKNOWN, failure(send).verdict());
    assertEquals(List.of(), unreachable);
  }

  @Test
  void aTimeoutToldByAnotherThreadDuringTheSendIsUnknown() {
    opened.get(0).answer =
        callback ->
            CompletableFuture.runAsync(
                    () -> callback.onCompletion(null, new TimeoutException("Expiring")))
                .join();
    assertEquals(Verdict.UNKNOWN, failure(sender.send(MESSAGE)).verdict());
  }

  @Test
  void aRefusalLeavesTheProducerInPlace() {
    CompletableFuture<Receipt> send = sender.send(MESSAGE);
    opened.get(0).errorNext(new RecordTooLargeException("2 MB"));
    assertEquals(Verdict.REFUSED, failure(send).verdict());
    CompletableFuture<Receipt> next = sender.send(MESSAGE);
    opened.get(0).completeNext();
    assertEquals("id-1", next.join().messageId());
    assertEquals(1, opened.size());
  }

  @Test
  void aBadLaneIsRefused() {
    Outgoing bad = new Outgoing("id-1", "orders", -1, null, Map.of(), new byte[0]);
    assertEquals(Verdict.REFUSED, failure(sender.send(bad)).verdict());
    assertFalse(opened.get(0).closed());
  }

  @Test
  void aFatalAnswerIsUnknownAndBringsANewProducer() {
    CompletableFuture<Receipt> send = sender.send(MESSAGE);
    opened.get(0).errorNext(new ClusterAuthorizationException("idempotent write"));
    assertEquals(Verdict.UNKNOWN, failure(send).verdict());
    await(() -> opened.get(0).closed());
    assertSendsByANewProducer();
  }

  @Test
  void aProducerThatThrowsIsReplaced() {
    opened.get(0).sendException = new KafkaException("we are in an error state");
    assertEquals(Verdict.UNKNOWN, failure(sender.send(MESSAGE)).verdict());
    assertSendsByANewProducer();
  }

  private void assertSendsByANewProducer() {
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    await(
        () -> {
          CompletableFuture<Receipt> send = sender.send(MESSAGE);
          sends.add(send);
          return !send.isDone();
        });
    assertEquals(2, opened.size());
    assertTrue(opened.get(1).completeNext());
    assertEquals("id-1", sends.remove(sends.size() - 1).join().messageId());
    sends.forEach(early -> assertEquals(Verdict.NOT_STORED, failure(early).verdict()));
  }

  @Test
  void aProducerThatNeverAnswersEndsUnknownInTime() {
    KafkaSender impatient = sender(Duration.ofMillis(200));
    CompletableFuture<Receipt> send = impatient.send(MESSAGE);
    await(send::isDone);
    TransportException failure = failure(send);
    assertEquals(Verdict.UNKNOWN, failure.verdict());
    assertTrue(String.valueOf(failure.getMessage()).contains("PT0.2S"), failure.getMessage());
    impatient.close();
  }

  @Test
  void aLateAnswerChangesNothing() {
    KafkaSender impatient = sender(Duration.ofMillis(200));
    CompletableFuture<Receipt> send = impatient.send(MESSAGE);
    await(send::isDone);
    assertTrue(opened.get(1).completeNext());
    assertEquals(Verdict.UNKNOWN, failure(send).verdict());
    impatient.close();
  }

  @Test
  void aSendAfterCloseIsRefused() {
    sender.close();
    assertEquals(Verdict.REFUSED, failure(sender.send(MESSAGE)).verdict());
    assertTrue(opened.get(0).closed());
  }

  @Test
  void whatIsUnderWayAtCloseIsUnknown() {
    CompletableFuture<Receipt> send = sender.send(MESSAGE);
    sender.close();
    assertEquals(Verdict.UNKNOWN, failure(send).verdict());
  }

  @Test
  void anInterruptedThreadCanClose() {
    Thread.currentThread().interrupt();
    sender.close();
    assertTrue(Thread.interrupted());
    assertTrue(opened.get(0).closed());
  }

  @Test
  void theMessageTellsWhatWasTriedAndWhere() {
    CompletableFuture<Receipt> send = sender.send(MESSAGE);
    opened.get(0).errorNext(new RecordTooLargeException("2 MB"));
    assertEquals(
        "Sending message id-1 to topic orders lane 2 failed: RecordTooLargeException: 2 MB. Send a"
            + " smaller body, or raise the topic's max.message.bytes and the property"
            + " max.request.size.",
        failure(send).getMessage());
  }

  private static TransportException failure(CompletableFuture<Receipt> send) {
    assertTrue(send.isDone(), "still under way");
    CompletionException thrown = assertThrows(CompletionException.class, send::join);
    return assertInstanceOf(TransportException.class, thrown.getCause());
  }

  private static void await(BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited 20 s in vain");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** Answers within the send, if told how. */
  private static final class Scripted extends MockProducer<byte[], byte[]> {
    java.util.function.@Nullable Consumer<Callback> answer;

    Scripted() {
      super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
      if (answer == null || callback == null) {
        return super.send(record, callback);
      }
      answer.accept(callback);
      return new CompletableFuture<>();
    }
  }
}
