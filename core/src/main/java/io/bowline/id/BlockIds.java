// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import io.bowline.machine.Machine;
import io.bowline.retry.SteadyClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ids that count: numbers of blocks that a store reserves, as decimals behind a prefix. Once half
 * of a block is drawn the next one is reserved on another thread, so that nobody waits for the
 * store unless a block is used up faster than that. Without locks. Thread-safe.
 *
 * <pre>{@code
 * MessageIds ids = BlockIds.of(blocks).prefix("orders-").open();    // orders-1001, orders-1002 …
 * }</pre>
 *
 * <p>Ids of one object rise as numbers. What is left of its blocks when a process ends is lost: the
 * numbers have holes, and those of several processes lie side by side. A counter that goes back is
 * noticed by whoever drew from it before: from then on he draws nothing until he is opened anew.
 */
public final class BlockIds implements MessageIds {
  private static final Logger log = LoggerFactory.getLogger(BlockIds.class);
  private static final AtomicReferenceFieldUpdater<BlockIds, Block> CURRENT =
      AtomicReferenceFieldUpdater.newUpdater(BlockIds.class, Block.class, "current");

  /** After a failure the store is left alone for 100 ms. */
  private static final long BREATH = TimeUnit.MILLISECONDS.toNanos(100);

  private final IdBlocks store;
  private final String prefix;
  private final int blockSize;
  private final Duration maxWait;
  private final ExecutorService fetcher =
      Machine.REAL.pool(1, BlockIds::daemon, new ThreadPoolExecutor.DiscardPolicy());
  private volatile Block current = new Block(1, 0);
  private volatile boolean failing;

  /** Numbers that are being drawn, and those that come after them. */
  private static final class Block {
    final AtomicLong next;
    final long end;
    final long half;
    final AtomicReference<@Nullable Fetch> following = new AtomicReference<>();

    Block(long first, int count) {
      next = new AtomicLong(first);
      end = first + count;
      half = first + count / 2;
    }
  }

  /** A reservation under way, or over. */
  private static final class Fetch extends CompletableFuture<Block> {
    private volatile boolean forGood;
    private volatile long failedAt;

    void failed(Throwable failure, boolean lasting) {
      forGood = lasting;
      failedAt = System.nanoTime();
      boolean unused = completeExceptionally(failure);
    }

    boolean mayBeRepeated() {
      return isCompletedExceptionally() && !forGood && System.nanoTime() - failedAt > BREATH;
    }
  }

  BlockIds(BlockIdsBuilder settings) {
    store = settings.store;
    prefix = settings.prefix;
    blockSize = settings.blockSize;
    maxWait = settings.maxWait;
  }

  /** Settings of ids from the numbers of a store. */
  public static BlockIdsBuilder of(IdBlocks store) {
    return new BlockIdsBuilder(store);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "bowline-id-blocks");
    thread.setDaemon(true);
    return thread;
  }

  /** Reserves the first block. */
  BlockIds begin() {
    current = following(current, maxWait);
    return this;
  }

  @Override
  public String next() {
    return next(maxWait);
  }

  @Override
  public String next(Duration longest) {
    Block block = current;
    long number = block.next.getAndIncrement();
    if (number >= block.end) {
      number = drawPatiently(longest.compareTo(maxWait) < 0 ? longest : maxWait);
    } else if (number >= block.half) {
      boolean unused = fetching(block).isDone();
    }
    return prefix + number;
  }

  private long drawPatiently(Duration longest) {
    long began = System.nanoTime();
    while (true) {
      Block used = current;
      long number = used.next.getAndIncrement();
      if (number < used.end) {
        return number;
      }
      Duration left = longest.minusNanos(System.nanoTime() - began);
      boolean unused = CURRENT.compareAndSet(this, used, following(used, left));
    }
  }

  /** The reservation of what comes after a block, begun if that was not done, or failed before. */
  private Fetch fetching(Block block) {
    Fetch known = block.following.get();
    if (known != null && !known.mayBeRepeated()) {
      return known;
    }
    Fetch begun = new Fetch();
    Fetch other = block.following.compareAndExchange(known, begun);
    if (other != known && other != null) {
      return other;
    }
    try {
      fetcher.execute(() -> fetch(block, begun));
    } catch (RuntimeException | Error noThread) {
      begun.failed(noThread, false);
    }
    return begun;
  }

  private void fetch(Block after, Fetch fetch) {
    try {
      IdBlock reserved = store.reserve(blockSize);
      if (reserved.first() < after.end) {
        fetch.failed(wentBack(reserved, after), true);
        return;
      }
      failing = false;
      boolean unused = fetch.complete(new Block(reserved.first(), reserved.count()));
    } catch (RuntimeException | Error failure) {
      if (!failing) {
        failing = true;
        log.warn("Reserving {} numbers for ids failed; it is tried again", blockSize, failure);
      }
      fetch.failed(failure, false);
    }
  }

  private static IllegalStateException wentBack(IdBlock reserved, Block after) {
    IllegalStateException back =
        new IllegalStateException(
            "the counter went back: it gave "
                + reserved.first()
                + " after "
                + (after.end - 1)
                + ", so numbers of others may come twice too. Stop all that draw from it, set it"
                + " above all that was drawn, and start them");
    log.error("No more ids are drawn: {}", back.getMessage());
    return back;
  }

  private Block following(Block block, Duration longest) {
    try {
      return fetching(block).get(SteadyClock.nanos(longest), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw unavailable("the thread was interrupted while it waited", interrupted);
    } catch (TimeoutException slow) {
      throw unavailable(
          "the store has not answered in time: look at the store, or reserve larger blocks", slow);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw unavailable(cause.getMessage(), cause);
    }
  }

  private IdsUnavailable unavailable(@Nullable String why, Throwable cause) {
    return new IdsUnavailable(
        "Drawing an id: the block is used up, and the next "
            + blockSize
            + " numbers are not"
            + " reserved: "
            + why,
        cause);
  }
}
