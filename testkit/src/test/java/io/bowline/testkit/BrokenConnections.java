// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Transports that open, close, ask or survive wrongly, one defect each. */
final class BrokenConnections {
  private BrokenConnections() {}

  @CaughtBy("aMissingTopicIsRefusedOrNotStored")
  static final class MakesMissingTopics extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return new Forwarding(healthy) {
        @Override
        public int lanes(String topic) {
          try {
            return healthy.lanes(topic);
          } catch (TransportException missing) {
            healthy.admin().ensure(TopicSpec.of(topic));
            return healthy.lanes(topic);
          }
        }
      };
    }
  }

  @CaughtBy("closeWaitsForSendsUnderWay")
  static final class ClosesAtOnce extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return BrokenSends.sending(
          healthy,
          (transport, message) -> {
            CompletableFuture<Receipt> late = new CompletableFuture<>();
            CompletableFuture<Void> unused =
                transport
                    .send(message)
                    .handleAsync(
                        (receipt, failure) ->
                            failure == null
                                ? late.complete(receipt)
                                : late.completeExceptionally(failure),
                        BrokenSends.later(20))
                    .thenAccept(done -> {});
            return late;
          });
    }
  }

  @CaughtBy("aSendAfterCloseIsRefused")
  static final class SendsAfterClose extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return BrokenSends.sending(
          healthy,
          (transport, message) ->
              BrokenSends.translated(
                  transport.send(message), failure -> failure, BrokenSends.receipt(message)));
    }
  }

  @CaughtBy("ensureMakesTheLanesOnce")
  static final class ToleratesOtherLanes extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return new Forwarding(healthy) {
        @Override
        public BrokerAdmin admin() {
          return (topic, mode) -> {
            Provisioning made = healthy.admin().provide(topic, mode);
            return new Provisioning(topic.topic(), topic.lanes(), made.parts());
          };
        }
      };
    }
  }

  @CaughtBy("aPlanMakesNothingAndTellsWhatIsMissing")
  static final class MakesWhatItPlans extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return new Forwarding(healthy) {
        @Override
        public BrokerAdmin admin() {
          return (topic, mode) -> healthy.admin().provide(topic, Provisioning.Mode.MAKE);
        }
      };
    }
  }

  @CaughtBy("aPlanTellsOtherLanesWithBothSides")
  static final class TellsOneSide extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return new Forwarding(healthy) {
        @Override
        public BrokerAdmin admin() {
          return (topic, mode) -> {
            Provisioning found = healthy.admin().provide(topic, mode);
            return new Provisioning(topic.topic(), found.lanes(), List.of());
          };
        }
      };
    }
  }

  @CaughtBy("deadLettersOfOtherLanesAreTakenAsTheyAre")
  static final class RefusesSharedDeadLetters extends BrokenKit {
    @Override
    Transport broken(Transport healthy) {
      return new Forwarding(healthy) {
        @Override
        public BrokerAdmin admin() {
          return new BrokerAdmin() {
            @Override
            public Provisioning provide(TopicSpec topic, Provisioning.Mode mode) {
              return healthy.admin().provide(topic, mode);
            }

            @Override
            public Provisioning ensure(TopicSpec topic) {
              topic
                  .deadLetters()
                  .map(dead -> provide(TopicSpec.of(dead), Provisioning.Mode.MAKE))
                  .filter(dead -> dead.lanes() != TopicSpec.DEFAULT_LANES)
                  .ifPresent(
                      dead -> {
                        throw new TransportException(Verdict.REFUSED, "lanes");
                      });
              return provide(topic, Provisioning.Mode.MAKE);
            }
          };
        }
      };
    }
  }

  @CaughtBy("anAddressWithoutBrokerIsNamedInTime")
  static final class HidesTheAddress extends BrokenKit {
    @Override
    protected BrokerFixture broker() {
      return new BrokenFixture("HidesTheAddress", healthy -> healthy) {
        @Override
        public Transport connect(TransportConfig config) {
          try {
            return super.connect(config);
          } catch (TransportException nobody) {
            throw new TransportException(nobody.verdict(), "Timed out", nobody);
          }
        }
      };
    }
  }

  @CaughtBy("closingIsBoundedWhileTheBrokerIsPaused")
  static final class ClosesAfterMinutes extends BrokenKit {
    @Override
    protected BrokerFixture broker() {
      return new BrokenFixture("ClosesAfterMinutes", healthy -> healthy) {
        @Override
        public Transport connect(TransportConfig config) {
          return super.connect(config.connectTimeout(Duration.ofSeconds(12)));
        }
      };
    }
  }

  @CaughtBy("aRestartLosesNoConfirmedMessage")
  static final class KeepsNothingOnDisk extends BrokenKit {
    @Override
    protected BrokerFixture broker() {
      return new BrokenFixture("KeepsNothingOnDisk", KeepsNothingOnDisk::remembering) {
        @Override
        public void kill() {
          super.kill();
          TOPICS.forEach(topic -> behind.lose(topic, message -> true));
        }
      };
    }

    private static final Set<String> TOPICS = ConcurrentHashMap.newKeySet();

    private static Transport remembering(Transport healthy) {
      return BrokenSends.sending(
          healthy,
          (transport, message) -> {
            if (healthy.lanes(message.topic()) > 0) {
              TOPICS.add(message.topic());
            }
            return transport.send(message);
          });
    }
  }
}
