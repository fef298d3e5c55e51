// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static io.bowline.kafka.SenderScene.await;
import static io.bowline.kafka.SenderScene.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Receipt;
import io.bowline.transport.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is handed to a producer when, so that nothing overtakes what failed before it. */
final class KafkaOrderTest {
  private final SenderScene scene = new SenderScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void theFirstOfALaneGoesAlone() {
    CompletableFuture<Receipt> first = scene.send("a");
    CompletableFuture<Receipt> second = scene.send("b");
    CompletableFuture<Receipt> third = scene.send("c");
    assertEquals("a", scene.producer().sent());
    assertTrue(scene.producer().completeNext());
    await(() -> scene.producer().sent().equals("abc"));
    assertTrue(first.isDone());
    assertFalse(second.isDone() || third.isDone());
  }

  @Test
  void otherLanesDoNotWaitForIt() {
    var unused = scene.send("a", 1);
    unused = scene.send("b", 2);
    assertEquals("ab", scene.producer().sent());
  }

  @Test
  void onceTheFirstIsStoredTheOthersFollowEachOtherAtOnce() {
    scene.openLane();
    var unused = scene.send("a");
    unused = scene.send("b");
    assertEquals("0ab", scene.producer().sent());
  }

  @Test
  void ifTheFirstFailsTheOthersWereNotHandedOver() {
    CompletableFuture<Receipt> first = scene.send("a");
    CompletableFuture<Receipt> second = scene.send("b");
    scene.producer().errorNext(new NetworkException("cut"));
    assertEquals(Verdict.UNKNOWN, failure(first).verdict());
    assertEquals(Verdict.NOT_STORED, failure(second).verdict());
    assertEquals("a", scene.producer().sent());
    var unused = scene.send("a");
    unused = scene.send("b");
    assertEquals("aa", scene.producer().sent());
    assertTrue(scene.producer().completeNext());
  }

  @Test
  void ifTheFirstIsRefusedTheNextGoesAlone() {
    var unused = scene.send("a");
    unused = scene.send("b");
    unused = scene.send("c");
    scene.producer().errorNext(new RecordTooLargeException("2 MB"));
    await(() -> scene.producer().sent().equals("ab"));
    assertTrue(scene.producer().completeNext());
    await(() -> scene.producer().sent().equals("abc"));
  }

  @Test
  void whatComesWhileThoseWhoWaitedAreToldGoesAfterThem() {
    CompletableFuture<Receipt> first = scene.send("a");
    CompletableFuture<Receipt> second = scene.send("b");
    CompletableFuture<Receipt> third = scene.send("c");
    List<String> handedOver = new CopyOnWriteArrayList<>();
    var unused =
        second.whenComplete(
            (receipt, failure) -> {
              var later = scene.send("d");
              handedOver.add(scene.producer().sent());
              assertFalse(third.isDone() || later.isDone());
            });
    scene.producer().errorNext(new NetworkException("cut"));
    assertEquals(List.of("a"), handedOver);
    assertTrue(first.isDone() && third.isDone());
    await(() -> scene.producer().sent().equals("ad"));
    assertTrue(scene.producer().completeNext());
  }

  @Test
  void whatWaitsForTheFirstIsSentBeforeTheClosing() {
    CompletableFuture<Receipt> first = scene.send("a");
    CompletableFuture<Receipt> second = scene.send("b");
    Thread closing = new Thread(scene::close, "closing");
    closing.start();
    assertTrue(scene.producer().completeNext());
    await(() -> scene.producer().sent().equals("ab"));
    await(second::isDone);
    assertEquals("a", first.join().messageId());
  }

  @Test
  void aFatalAnswerBringsANewProducerAfterAllIsTold() {
    scene.openLane();
    CompletableFuture<Receipt> first = scene.send("a");
    CompletableFuture<Receipt> second = scene.send("b");
    scene.producer().errorNext(new OutOfOrderSequenceException("5 after 3"));
    assertEquals(Verdict.UNKNOWN, failure(first).verdict());
    List<CompletableFuture<Receipt>> sends = scene.sendUntilTaken("c");
    assertEquals(Verdict.UNKNOWN, failure(second).verdict());
    assertEquals(2, scene.opened.size());
    assertTrue(scene.opened.get(0).closed());
    assertTrue(scene.producer().completeNext());
    assertEquals("c", sends.remove(sends.size() - 1).join().messageId());
    sends.forEach(early -> assertEquals(Verdict.NOT_STORED, failure(early).verdict()));
    assertEquals(
        List.of("lost publishing: OutOfOrderSequenceException", "restored publishing"), scene.told);
  }

  @Test
  void aProducerThatThrowsIsReplaced() {
    scene.producer().sendException = new KafkaException("we are in an error state");
    assertEquals(Verdict.UNKNOWN, failure(scene.send("a")).verdict());
    scene.sendUntilTaken("b").clear();
    assertEquals(2, scene.opened.size());
  }

  @Test
  void aMissingRightIsRefusedAndWhatFollowsToo() {
    CompletableFuture<Receipt> send = scene.send("a");
    scene.producer().errorNext(new ClusterAuthorizationException("Cluster authorization failed."));
    assertEquals(Verdict.REFUSED, failure(send).verdict());
    assertEquals(Verdict.REFUSED, failure(scene.send("b")).verdict());
    assertEquals(1, scene.opened.size(), "no loop of producers");
  }

  @Test
  void aLoginThatIsRefusedLaterEndsWhatIsUnderWay() {
    KafkaFutureImpl<Void> refused = new KafkaFutureImpl<>();
    refused.completeExceptionally(new AuthenticationException("who?"));
    LoginWatch watch = new LoginWatch(() -> refused);
    try (SenderScene later = new SenderScene(java.time.Duration.ofSeconds(30), watch)) {
      CompletableFuture<Receipt> send = later.send("a");
      await(send::isDone);
      assertEquals(Verdict.UNKNOWN, failure(send).verdict());
      assertEquals(Verdict.REFUSED, failure(later.send("b")).verdict());
      assertEquals(List.of("lost publishing: AuthenticationException"), later.told);
    }
  }

  @Test
  void aBrokerThatDoesNotAnswerIsToldAsLostUntilItDoes() {
    KafkaFutureImpl<Void> silent = new KafkaFutureImpl<>();
    silent.completeExceptionally(new org.apache.kafka.common.errors.TimeoutException("2 s"));
    LoginWatch watch = new LoginWatch(() -> silent);
    try (SenderScene cut = new SenderScene(java.time.Duration.ofSeconds(30), watch)) {
      CompletableFuture<Receipt> send = cut.send("a");
      await(() -> cut.told.size() == 1);
      assertFalse(send.isDone());
      assertTrue(cut.producer().completeNext());
      assertEquals(
          List.of("lost publishing: no broker answers: TimeoutException", "restored publishing"),
          cut.told);
    }
  }
}
