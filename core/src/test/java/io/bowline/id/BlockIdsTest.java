// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Await;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockIdsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final Counter counter = new Counter();

  /** A counter that answers when it is let, and fails when it is told. */
  private static final class Counter implements IdBlocks {
    final AtomicLong next = new AtomicLong(1);
    final AtomicInteger asked = new AtomicInteger();
    final Semaphore answers = new Semaphore(1_000_000);
    volatile @Nullable RuntimeException failure;

    @Override
    public IdBlock reserve(int most) {
      asked.incrementAndGet();
      answers.acquireUninterruptibly();
      RuntimeException failing = failure;
      if (failing != null) {
        throw failing;
      }
      return new IdBlock(next.getAndAdd(most), most);
    }
  }

  private static String refusal(MessageIds ids) {
    return String.valueOf(assertThrows(IdsUnavailable.class, ids::next).getMessage());
  }

  @Test
  void idsAreNumbersBehindAPrefix() {
    BlockIds ids = BlockIds.of(counter).prefix("orders-").blockSize(3).open();
    for (int i = 1; i <= 10; i++) {
      assertEquals("orders-" + i, ids.next());
    }
    assertEquals("1", BlockIds.of(new Counter()).open().next());
  }

  @Test
  void theNextBlockIsReservedOnceHalfOfOneIsDrawn() {
    BlockIds ids = BlockIds.of(counter).blockSize(10).open();
    for (int i = 0; i < 5; i++) {
      var unused = ids.next();
    }
    assertEquals(1, counter.asked.get());
    var unused = ids.next();
    Await.until("the next block is asked for", () -> counter.asked.get() == 2);
  }

  @Test
  void nobodyWaitsForTheStoreWhileABlockIsLeft() {
    BlockIds ids = BlockIds.of(counter).blockSize(10).maxWait(SECOND).open();
    counter.answers.drainPermits();
    for (int i = 1; i <= 10; i++) {
      assertEquals("" + i, ids.next());
    }
    assertTrue(refusal(ids).contains("not answered in time"));
    counter.answers.release(100);
    Await.until("the block came", () -> drawn(ids, "11"));
  }

  private static boolean drawn(BlockIds ids, String id) {
    try {
      assertEquals(id, ids.next());
      return true;
    } catch (IdsUnavailable notYet) {
      return false;
    }
  }

  @Test
  void whoComesTooEarlyWaitsForTheBlock() {
    BlockIds ids = BlockIds.of(counter).blockSize(1).open();
    counter.answers.drainPermits();
    assertEquals("1", ids.next());
    Thread late = new Thread(() -> counter.answers.release(100));
    late.start();
    assertEquals("2", ids.next());
  }

  @Test
  void theCallersBoundHoldsIfItIsShorter() {
    BlockIds ids = BlockIds.of(counter).blockSize(1).maxWait(Duration.ofDays(1)).open();
    counter.answers.drainPermits();
    assertEquals("1", ids.next(Duration.ZERO));
    assertThrows(IdsUnavailable.class, () -> ids.next(Duration.ofMillis(1)));
    assertThrows(IdsUnavailable.class, () -> ids.next(Duration.ofMillis(-1)));
    counter.answers.release(100);
  }

  @Test
  void aStoreThatFailsIsAskedAgainAndWhatIsLeftIsDrawnMeanwhile() {
    BlockIds ids = BlockIds.of(counter).blockSize(4).maxWait(SECOND).open();
    RuntimeException down = new IllegalStateException("store is down");
    counter.failure = down;
    for (int i = 1; i <= 4; i++) {
      assertEquals("" + i, ids.next());
    }
    IdsUnavailable none = assertThrows(IdsUnavailable.class, ids::next);
    assertSame(down, none.getCause());
    assertTrue(String.valueOf(none.getMessage()).contains("store is down"));
    counter.failure = null;
    Await.until("it is asked again", () -> drawn(ids, "5"));
  }

  @Test
  void aReservationThatFailedAheadIsRepeatedBeforeTheBlockIsUsedUp() {
    BlockIds ids = BlockIds.of(counter).blockSize(1_000_000).open();
    counter.failure = new IllegalStateException("store is down");
    for (int i = 1; i <= 500_001; i++) {
      var unused = ids.next();
    }
    Await.until("it was asked ahead", () -> counter.asked.get() >= 2);
    counter.failure = null;
    int before = counter.asked.get();
    Await.until("it is asked again", () -> !ids.next().isEmpty() && counter.asked.get() > before);
  }

  @Test
  void afterACounterWentBackNothingIsDrawn() {
    BlockIds ids = BlockIds.of(counter).blockSize(10).open();
    counter.next.set(5);
    for (int i = 1; i <= 10; i++) {
      assertEquals("" + i, ids.next());
    }
    assertTrue(refusal(ids).contains("went back: it gave 5 after 10"));
    counter.next.set(1_000);
    int asked = counter.asked.get();
    assertTrue(refusal(ids).contains("went back"));
    assertEquals(asked, counter.asked.get());
  }

  @Test
  void aStoreMayGiveFewerNumbersThanWereAskedFor() {
    BlockIds ids = BlockIds.of(most -> new IdBlock(counter.reserve(2).first(), 2)).open();
    for (int i = 1; i <= 7; i++) {
      assertEquals("" + i, ids.next());
    }
  }

  @Test
  void openingFailsIfTheStoreDoes() {
    counter.failure = new IllegalStateException("no such table");
    BlockIdsBuilder builder = BlockIds.of(counter);
    String why = String.valueOf(assertThrows(IdsUnavailable.class, builder::open).getMessage());
    assertTrue(why.contains("1000 numbers") && why.contains("no such table"), why);
  }

  @Test
  void theThreadThatIsInterruptedWaitsNoLonger() {
    BlockIds ids = BlockIds.of(counter).blockSize(1).open();
    counter.answers.drainPermits();
    var unused = ids.next();
    Thread.currentThread().interrupt();
    assertTrue(refusal(ids).contains("interrupted"));
    assertTrue(Thread.interrupted(), "the flag is kept");
    counter.answers.release(100);
  }

  @Test
  void manyThreadsDrawNoIdTwiceAndLeaveNoneOut() {
    BlockIds shared = BlockIds.of(counter).blockSize(100).open();
    Set<String> drawn = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 100_000).parallel().forEach(i -> drawn.add(shared.next()));
    assertEquals(100_000, drawn.size());
    assertTrue(drawn.contains("1") && drawn.contains("100000"));
  }

  @Test
  void idsOfOneThreadRise() {
    BlockIds ids = BlockIds.of(counter).blockSize(7).open();
    long last = 0;
    for (int i = 0; i < 10_000; i++) {
      long next = Long.parseLong(ids.next());
      assertTrue(next > last);
      last = next;
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    BlockIdsBuilder builder = BlockIds.of(counter);
    assertThrows(IllegalArgumentException.class, () -> builder.blockSize(0));
    assertThrows(IllegalArgumentException.class, () -> builder.blockSize(1_000_001));
    assertThrows(IllegalArgumentException.class, () -> builder.prefix("x".repeat(65)));
    assertThrows(IllegalArgumentException.class, () -> builder.maxWait(Duration.ofNanos(-1)));
    assertThrows(IllegalArgumentException.class, () -> builder.maxWait(Duration.ofDays(2)));
    assertThrows(IllegalArgumentException.class, () -> new IdBlock(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new IdBlock(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new IdBlock(Long.MAX_VALUE, 1));
  }
}
