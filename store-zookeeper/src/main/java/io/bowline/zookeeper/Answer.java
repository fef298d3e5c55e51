// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.KeeperException.Code;

/**
 * What ZooKeeper answers to one question, waited for within bounds: Curator itself may try again
 * for minutes. Thread-safe.
 */
final class Answer implements BackgroundCallback {
  private final String what;
  private final Consumer<Code> unheard;
  private final CompletableFuture<CuratorEvent> event = new CompletableFuture<>();

  /** A question that Curator asks in the background. */
  interface Question {
    void ask(BackgroundCallback answer) throws Exception;
  }

  /**
   * Of what is asked, for an error: {@code "Taking the lock of u1"}.
   *
   * @param unheard is told, on Curator's thread, what comes when nobody waits any more
   */
  Answer(String what, Consumer<Code> unheard) {
    this.what = what;
    this.unheard = unheard;
  }

  @Override
  public void processResult(CuratorFramework client, CuratorEvent answered) {
    if (!event.complete(answered)) {
      unheard.accept(code(answered));
    }
  }

  static Code code(CuratorEvent answered) {
    Code code = Code.get(answered.getResultCode());
    return code == null ? Code.SYSTEMERROR : code;
  }

  /**
   * Asks, and waits for the answer, whatever it is.
   *
   * @throws ZooKeeperStoreException if none comes in time
   */
  CuratorEvent to(Question question, Duration within) {
    try {
      question.ask(this);
      return event.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return orGivenUp("no answer within " + within.toMillis() + " ms, so it may have been done");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return orGivenUp("interrupted while waiting for its answer");
    } catch (ExecutionException e) {
      throw new ZooKeeperStoreException(what + " in ZooKeeper failed: " + e.getCause(), e);
    } catch (Exception e) {
      throw new ZooKeeperStoreException(what + " in ZooKeeper failed: " + e.getMessage(), e);
    }
  }

  /** It may have come at the last moment. */
  private CuratorEvent orGivenUp(String why) {
    ZooKeeperStoreException failure = failure(why);
    return event.completeExceptionally(failure) ? thrown(failure) : event.join();
  }

  private static CuratorEvent thrown(ZooKeeperStoreException failure) {
    throw failure;
  }

  private ZooKeeperStoreException failure(String why) {
    return new ZooKeeperStoreException(what + " in ZooKeeper failed: " + why, null);
  }

  /** What it is thrown for an answer that nothing can be made of. */
  ZooKeeperStoreException refusal(CuratorEvent answered) {
    Code code = code(answered);
    String advice =
        switch (code) {
          case CONNECTIONLOSS, OPERATIONTIMEOUT -> ", so it may have been done";
          case NONODE -> ": is the chroot of the connect string there?";
          case NOAUTH -> ": may this client create, write and delete there?";
          case UNIMPLEMENTED -> ": it takes a server of 3.5.3 or later";
          default -> "";
        };
    return failure(code + advice);
  }
}
