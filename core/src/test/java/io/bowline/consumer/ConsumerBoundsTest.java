// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a consumer holds is bounded. */
@Timeout(60)
class ConsumerBoundsTest {
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void neverMoreThanTheBoundIsPolledAndPollsGoOn() throws InterruptedException {
    scene.builder.maxInMemory(4, 1 << 30);
    scene.hold("0");
    ScriptedSubscription member = scene.start();
    assertEquals(4, member.spec().maxUnsettled());
    for (int i = 0; i < 20; i++) {
      member.deliver("k", "" + i);
    }
    Await.until("it is full", () -> member.handedOut() == 4);
    Scene.turns(member, 3);
    assertEquals(4, member.handedOut());
    scene.release("0");
    Await.until("all are accepted", () -> member.accepted().size() == 20);
  }

  @Test
  void bytesAreBoundedToo() throws InterruptedException {
    scene.builder.maxInMemory(1_000, 10);
    scene.hold("0123456789");
    ScriptedSubscription member = scene.start();
    for (int i = 0; i < 5; i++) {
      member.deliver("k", "0123456789");
    }
    Await.until("it is full", () -> member.handedOut() == 1);
    Scene.turns(member, 3);
    assertEquals(1, member.handedOut());
    scene.release("0123456789");
    Await.until("all are accepted", () -> member.accepted().size() == 5);
  }

  @Test
  void howFarALaneMayRunAheadIsToldToTheTransport() throws InterruptedException {
    assertEquals(100_000, scene.start().spec().maxSpan());
    scene.consumer().close();
    scene.builder.maxSpan(7);
    assertEquals(7, scene.start().spec().maxSpan());
  }

  @Test
  void aFullConsumerPollsAtLeastOnceASecond() throws InterruptedException {
    scene.builder.maxInMemory(1, 1);
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    long start = System.nanoTime();
    Scene.turns(member, 5);
    assertTrue(System.nanoTime() - start < 5_000_000_000L);
  }

  @Test
  void nonsenseIsRefused() {
    for (int bad : List.of(0, -1)) {
      assertThrows(IllegalArgumentException.class, () -> scene.builder.concurrency(bad));
      assertThrows(IllegalArgumentException.class, () -> scene.builder.maxSpan(bad));
      assertThrows(IllegalArgumentException.class, () -> scene.builder.maxInMemory(bad, 1));
      assertThrows(IllegalArgumentException.class, () -> scene.builder.maxInMemory(1, bad));
    }
    assertThrows(IllegalArgumentException.class, () -> scene.builder.deadLetters(" "));
  }

  @Test
  void waitsOfAgesAreNoError() throws InterruptedException {
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    scene.builder.leaveWithin(ages);
    scene.hold("a");
    ScriptedSubscription member = scene.start();
    member.deliver("k", "a");
    scene.awaitBegun("a");
    var revoked = member.inPoll(() -> member.listener().revoking(java.util.Set.of(0, 1)));
    scene.release("a");
    revoked.join();
    Scene.awaitAccepted(member, "a");
    Scene.assertLeft(1, 0, 0, scene.consumer().close(ages));
  }
}
