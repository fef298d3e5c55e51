// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static io.bowline.testkit.BrokenSends.later;
import static io.bowline.testkit.BrokenSends.receipt;
import static io.bowline.testkit.BrokenSends.sending;
import static io.bowline.testkit.BrokenSends.translated;

import io.bowline.message.Message;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendReport;
import io.bowline.testkit.BrokenKit.BrokenFixture;
import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.BrokenSends.Defect;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Transports and producers that tell wrong outcomes, lose some, or break the order. */
final class BrokenOutcomes {
  private BrokenOutcomes() {}

  /** The kit of faults on an in-memory transport with one defect. */
  abstract static class Broken extends SendFaults {
    /** A transport that sends wrongly. */
    Transport broken(Transport healthy) {
      return healthy;
    }

    @Override
    protected BrokerFixture broker() {
      return new BrokenFixture("faults-" + getClass().getSimpleName(), this::broken);
    }
  }

  /** The same with a transport that says it keeps pipelined order. */
  static Transport pipelined(Transport healthy, Defect defect) {
    return new Forwarding(healthy) {
      @Override
      public boolean keepsPipelinedOrder() {
        return true;
      }

      @Override
      public CompletableFuture<Receipt> send(Outgoing message) {
        return defect.send(healthy, message);
      }
    };
  }

  @CaughtBy({
    "aKilledBrokerCostsNoOutcome",
    "aPausePastTheDeadlineEndsEveryFutureInTime",
    "closingMidFaultReportsWhatTheFuturesSay"
  })
  static final class ConfirmsOnWriting extends Broken {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) -> {
            CompletableFuture<Receipt> unused = transport.send(message);
            return CompletableFuture.completedFuture(receipt(message));
          });
    }
  }

  private static CompletableFuture<Receipt> refusesWhatWasCut(Transport transport, Outgoing sent) {
    return translated(
        transport.send(sent),
        failure -> new TransportException(Verdict.REFUSED, "the connection was cut"),
        null);
  }

  @CaughtBy({
    "cutConnectionsAreMadeAgain",
    "aCutBeforeTheAnswerMakesDuplicatesAtMost",
    "aHalfOpenConnectionIsNoticed",
    "anUnreachableBrokerIsReachedAgain"
  })
  static final class RefusesWhatWasCut extends Broken {
    @Override
    Transport broken(Transport healthy) {
      return sending(healthy, BrokenOutcomes::refusesWhatWasCut);
    }
  }

  @CaughtBy({"aKilledBrokerKeepsPipelinedOrder", "aCutBeforeTheAnswerKeepsPipelinedOrder"})
  static final class RefusesWhatWasCutInPipelinedOrder extends Broken {
    @Override
    Transport broken(Transport healthy) {
      return pipelined(healthy, BrokenOutcomes::refusesWhatWasCut);
    }
  }

  private static CompletableFuture<Receipt> refusesInAPause(Transport transport, Outgoing sent) {
    return translated(
        transport.send(sent).copy().orTimeout(20, TimeUnit.MILLISECONDS),
        failure -> new TransportException(Verdict.REFUSED, "no answer in a moment"),
        null);
  }

  @CaughtBy({
    "aPauseWithinTheDeadlineCostsNoConfirmation",
    "aSilentNetworkWithinTheDeadlineCostsNoConfirmation"
  })
  static final class RefusesInAPause extends Broken {
    @Override
    Transport broken(Transport healthy) {
      return sending(healthy, BrokenOutcomes::refusesInAPause);
    }
  }

  @CaughtBy("aPauseKeepsPipelinedOrder")
  static final class RefusesInAPauseInPipelinedOrder extends Broken {
    @Override
    Transport broken(Transport healthy) {
      return pipelined(healthy, BrokenOutcomes::refusesInAPause);
    }
  }

  @CaughtBy("cutConnectionsAreMadeAgain")
  static final class ResendsBehindLaterOnes extends Broken {
    @Override
    Transport broken(Transport healthy) {
      return sending(
          healthy,
          (transport, message) -> {
            CompletableFuture<Receipt> answer = transport.send(message);
            CompletableFuture<Receipt> unused =
                answer.exceptionallyCompose(
                    failure ->
                        CompletableFuture.supplyAsync(() -> message, later(100))
                            .thenCompose(transport::send));
            return translated(answer.exceptionally(cut -> receipt(message)), same -> same, null);
          });
    }
  }

  @CaughtBy({"cutConnectionsKeepPipelinedOrder", "manyFaultsInARowKeepPipelinedOrder"})
  static final class ClaimsPipelinedOrder extends Broken {
    private final AtomicInteger sends = new AtomicInteger();
    private final Map<String, CompletableFuture<Receipt>> cut = new ConcurrentHashMap<>();

    @Override
    Transport broken(Transport healthy) {
      return pipelined(healthy, this::letsTheNextOneOvertake);
    }

    /** One is cut, while a later one of its key is under way and arrives. */
    private CompletableFuture<Receipt> letsTheNextOneOvertake(Transport healthy, Outgoing message) {
      String key = message.key();
      if (key == null) {
        return healthy.send(message);
      }
      CompletableFuture<Receipt> earlier = cut.remove(key);
      if (earlier == null && sends.incrementAndGet() % 50 == 0) {
        CompletableFuture<Receipt> alone = new CompletableFuture<>();
        cut.put(key, alone);
        later(200).execute(() -> fail(alone)); // if nothing follows
        return alone;
      }
      CompletableFuture<Receipt> answer = healthy.send(message);
      return earlier == null ? answer : answer.whenComplete((receipt, failure) -> fail(earlier));
    }

    private static void fail(CompletableFuture<Receipt> sent) {
      sent.completeExceptionally(
          new TransportException(Verdict.NOT_STORED, "cut, but not for others"));
    }
  }

  @CaughtBy("aPausePastTheDeadlineEndsEveryFutureInTime")
  static final class TakesUnknownForNotStored extends Broken {
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

  @CaughtBy("manyFaultsInARowCostNoOutcome")
  static final class LosesOneInAThousand extends Broken {
    @Override
    Transport broken(Transport healthy) {
      AtomicInteger sends = new AtomicInteger();
      return sending(
          healthy,
          (transport, message) ->
              sends.incrementAndGet() % 1_000 == 0
                  ? CompletableFuture.completedFuture(receipt(message))
                  : transport.send(message));
    }
  }

  @CaughtBy("aCutBeforeTheAnswerMakesDuplicatesAtMost")
  static final class NumbersAgainWhenResending extends Broken {
    @Override
    Transport broken(Transport healthy) {
      Set<String> seen = ConcurrentHashMap.newKeySet();
      return sending(
          healthy,
          (transport, message) ->
              transport.send(seen.add(message.messageId()) ? message : renumbered(message)));
    }

    private static Outgoing renumbered(Outgoing message) {
      String text = message.headers().getOrDefault(StampCodec.HEADER, "");
      Stamp stamp = StampCodec.read(text).orElseThrow();
      KeyNumber number = stamp.number();
      if (number == null) {
        return message;
      }
      KeyNumber next = new KeyNumber(number.sequence() + 1, 0, false);
      Stamp wrong = new Stamp(stamp.id(), stamp.source(), stamp.epoch(), next);
      Map<String, String> headers = new LinkedHashMap<>(message.headers());
      headers.put(StampCodec.HEADER, StampCodec.write(wrong));
      return new Outgoing(
          message.messageId(),
          message.topic(),
          message.lane(),
          message.key(),
          headers,
          message.body());
    }
  }

  @CaughtBy("aKilledBrokerCostsNoOutcome")
  static final class LosesAFuture extends Broken {
    @Override
    ReliableProducer producer(ReliableProducer healthy) {
      AtomicInteger sends = new AtomicInteger();
      return new ForwardingProducer(healthy) {
        @Override
        public CompletableFuture<Receipt> send(Message message) {
          CompletableFuture<Receipt> answer = healthy.send(message);
          return sends.incrementAndGet() == 300 ? new CompletableFuture<>() : answer;
        }
      };
    }
  }

  @CaughtBy("aPausePastTheDeadlineEndsEveryFutureInTime")
  static final class EndsLongAfterTheDeadline extends Broken {
    @Override
    ReliableProducer producer(ReliableProducer healthy) {
      return new ForwardingProducer(healthy) {
        @Override
        public CompletableFuture<Receipt> send(Message message) {
          CompletableFuture<Receipt> answer = healthy.send(message);
          CompletableFuture<Receipt> late = new CompletableFuture<>();
          CompletableFuture<Void> unusedToo = answer.thenAccept(late::complete);
          CompletableFuture<Receipt> unused =
              answer.whenCompleteAsync(
                  (receipt, failure) -> {
                    if (failure != null) {
                      late.completeExceptionally(failure);
                    }
                  },
                  later(10_000));
          return late;
        }
      };
    }
  }

  @CaughtBy("closingMidFaultReportsWhatTheFuturesSay")
  static final class ReportsOneMore extends Broken {
    @Override
    ReliableProducer producer(ReliableProducer healthy) {
      return new ForwardingProducer(healthy) {
        @Override
        public SendReport close(Duration timeout) {
          SendReport report = healthy.close(timeout);
          return new SendReport(
              report.confirmed(), report.rejected() + 1, report.unknown(), report.closing());
        }
      };
    }
  }
}
