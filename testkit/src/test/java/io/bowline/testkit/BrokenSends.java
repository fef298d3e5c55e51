// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Transports that do wrong with what they are given to send, one defect each. */
final class BrokenSends {
  private BrokenSends() {}

  static Executor later(long millis) {
    return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
  }

  /** A send in the hands of a defect. */
  interface Defect {
    CompletableFuture<Receipt> send(Transport healthy, Outgoing message);
  }

  static Transport sending(Transport healthy, Defect defect) {
    return new Forwarding(healthy) {
      @Override
      public CompletableFuture<Receipt> send(Outgoing message) {
        return defect.send(healthy, message);
      }
    };
  }

  private static Outgoing with(Outgoing message, int lane, @Nullable String key, byte[] body) {
    return new Outgoing(message.messageId(), message.topic(), lane, key, message.headers(), body);
  }

  static Receipt receipt(Outgoing message) {
    return new Receipt(message.messageId(), message.topic(), message.lane(), "");
  }

  @CaughtBy({"aSeveredSendEndsUnknown", "sendNeverBlocksWhileTheBrokerIsPaused"})
  static final class ConfirmsBeforeStoring extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) -> {
            CompletableFuture<Receipt> unused =
                CompletableFuture.supplyAsync(() -> message, later(200))
                    .thenCompose(transport::send);
            return CompletableFuture.completedFuture(receipt(message));
          });
    }
  }

  @CaughtBy("confirmedIsReadableByAnotherProcess")
  static final class LosesTheFirstOfLaneOne extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      Set<Integer> seen = ConcurrentHashMap.newKeySet();
      return sending(
          healthy,
          (transport, message) -> {
            boolean first = message.lane() == 1 && seen.add(1);
            return first
                ? CompletableFuture.completedFuture(receipt(message))
                : transport.send(message);
          });
    }
  }

  @CaughtBy("aReceiptNamesItsMessage")
  static final class MixesReceiptsUp extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      List<Receipt> first = new ArrayList<>();
      return sending(
          healthy,
          (transport, message) -> {
            first.add(new Receipt("another", message.topic(), message.lane(), ""));
            CompletableFuture<Receipt> answer = transport.send(message);
            return translated(answer, failure -> failure, first.get(0));
          });
    }
  }

  @CaughtBy("bodyKeyAndHeadersArriveUnchanged")
  static final class LosesEmptyHeaders extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) -> {
            Map<String, String> headers = new HashMap<>(message.headers());
            headers.values().removeIf(String::isEmpty);
            return transport.send(
                new Outgoing(
                    message.messageId(),
                    message.topic(),
                    message.lane(),
                    message.key(),
                    headers,
                    message.body()));
          });
    }
  }

  @CaughtBy("bodyKeyAndHeadersArriveUnchanged")
  static final class MakesNoKeyAnEmptyKey extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) -> {
            String key = message.key() == null ? "" : message.key();
            return transport.send(with(message, message.lane(), key, message.body()));
          });
    }
  }

  @CaughtBy("aBodyNearOneMebibyteArrivesWhole")
  static final class CutsLargeBodies extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) -> {
            int size = message.body().length;
            byte[] body =
                Arrays.copyOf(message.body(), size > 2_000_000 ? size : Math.min(size, 65_536));
            return transport.send(with(message, message.lane(), message.key(), body));
          });
    }
  }

  @CaughtBy("sendsOfALaneKeepTheirOrder")
  static final class SwapsTwoSends extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      List<Integer> count = new ArrayList<>();
      return sending(
          healthy,
          (transport, message) -> {
            count.add(1);
            if (count.size() % 50 != 7) {
              return transport.send(message);
            }
            return CompletableFuture.supplyAsync(() -> message, later(30))
                .thenCompose(transport::send);
          });
    }
  }

  @CaughtBy("manyThreadsMaySendAtOnce")
  static final class ServesOneThread extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      AtomicReference<@Nullable Thread> one = new AtomicReference<>();
      return sending(
          healthy,
          (transport, message) -> {
            one.compareAndSet(null, Thread.currentThread());
            boolean served = one.get() == Thread.currentThread();
            return served
                ? transport.send(message)
                : CompletableFuture.completedFuture(receipt(message));
          });
    }
  }

  @CaughtBy("tooLargeIsRefusedAndItsNeighboursConfirm")
  static final class CutsTheConnectionWhenTooLarge extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      List<Outgoing> large = new ArrayList<>();
      return sending(
          healthy,
          (transport, message) -> {
            if (message.body().length > 2_000_000) {
              large.add(message);
            } else if (!large.isEmpty()) {
              large.clear();
              return CompletableFuture.failedFuture(
                  new TransportException(Verdict.UNKNOWN, "the connection was cut"));
            }
            return transport.send(message);
          });
    }
  }

  @CaughtBy("aSeveredSendEndsUnknown")
  static final class TakesSeveredForNotStored extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) ->
              translated(
                  transport.send(message),
                  failure -> new TransportException(Verdict.NOT_STORED, "timed out"),
                  null));
    }
  }

  @CaughtBy("aSeveredSendEndsUnknown")
  static final class WrapsItsFailures extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy, (transport, message) -> transport.send(message).thenApply(receipt -> receipt));
    }
  }

  @CaughtBy("aSeveredSendEndsUnknown")
  static final class NeverGivesUp extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) -> {
            CompletableFuture<Receipt> answer = new CompletableFuture<>();
            CompletableFuture<Receipt> unused =
                transport
                    .send(message)
                    .whenComplete(
                        (receipt, failure) -> {
                          if (receipt != null) {
                            answer.complete(receipt);
                          }
                        });
            return answer;
          });
    }
  }

  @CaughtBy("sendNeverBlocksWhileTheBrokerIsPaused")
  static final class BlocksInSend extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) -> {
            CompletableFuture<Receipt> answer = transport.send(message);
            try {
              answer.handle((receipt, failure) -> "done").get(2, TimeUnit.SECONDS);
            } catch (Exception tooLong) {
              return answer;
            }
            return answer;
          });
    }
  }

  /** The same answer with its failure translated, or replaced by a receipt. */
  static CompletableFuture<Receipt> translated(
      CompletableFuture<Receipt> answer,
      UnaryOperator<Throwable> failure,
      @Nullable Receipt instead) {
    CompletableFuture<Receipt> told = new CompletableFuture<>();
    CompletableFuture<Receipt> unused =
        answer.whenComplete(
            (receipt, problem) -> {
              if (instead != null) {
                told.complete(instead);
              } else if (problem != null) {
                told.completeExceptionally(failure.apply(problem));
              } else {
                told.complete(receipt);
              }
            });
    return told;
  }
}
