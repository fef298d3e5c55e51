// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.Forwarding.Reading;
import io.bowline.transport.Backlog;
import io.bowline.transport.Backlog.Quality;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Transports that tell wrongly what is left, one defect each. */
final class BrokenBacklogs {
  private BrokenBacklogs() {}

  /** A transport whose answers are wrong. */
  private abstract static class Miscounting extends BrokenKit {
    abstract Backlog wrong(Transport healthy, String topic, String group);

    @Override
    Transport broken(Transport healthy) {
      return new Forwarding(healthy) {
        @Override
        public BrokerAdmin admin() {
          return new BrokerAdmin() {
            @Override
            public Provisioning provide(TopicSpec topic, Mode mode) {
              return healthy.admin().provide(topic, mode);
            }

            @Override
            public Backlog backlog(String topic, String group) {
              return wrong(healthy, topic, group);
            }
          };
        }

        @Override
        public Subscription subscribe(SubscriptionSpec spec, LaneListener lanes) {
          return broken(healthy.subscribe(spec, lanes));
        }
      };
    }

    static Backlog ask(Transport healthy, String topic, String group) {
      return healthy.admin().backlog(topic, group);
    }
  }

  @CaughtBy("whatNobodyReadIsLeft")
  static final class CountsOneLane extends Miscounting {
    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      Backlog right = ask(healthy, topic, group);
      return Backlog.ofAll(topic, group, right.lanes().getOrDefault(0, 0L), right.quality());
    }
  }

  @CaughtBy("whatNobodyReadIsLeft")
  static final class MixesLanesUp extends Miscounting {
    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      Backlog right = ask(healthy, topic, group);
      return Backlog.ofLanes(topic, group, Map.of(0, right.messages()), right.quality());
    }
  }

  @CaughtBy("whatIsAcceptedIsLeftNoMore")
  static final class CountsWhatIsStored extends Miscounting {
    private final Map<String, Backlog> largest = new ConcurrentHashMap<>();

    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      return largest.merge(
          topic + group,
          ask(healthy, topic, group),
          (one, other) -> one.messages() > other.messages() ? one : other);
    }
  }

  @CaughtBy("whatAMemberHoldsIsCountedOrSaidToBeLeftOut")
  static final class LeavesOutWhatIsHeld extends Miscounting {
    private final AtomicInteger held = new AtomicInteger();

    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          List<Delivery> some = healthy.poll(max, timeout);
          held.addAndGet(some.size());
          return some;
        }
      };
    }

    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      long left = Math.max(0, ask(healthy, topic, group).messages() - held.get());
      return Backlog.ofAll(topic, group, left, Quality.EXACT);
    }
  }

  @CaughtBy("eachGroupHasABacklogOfItsOwn")
  static final class KnowsOneGroup extends Miscounting {
    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      return ask(healthy, topic, group.replaceAll("-g[0-9]+$", "-g0"));
    }
  }

  @CaughtBy("askingTakesNothingAway")
  static final class ReadsToCount extends Miscounting {
    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      Backlog right = ask(healthy, topic, group);
      SubscriptionSpec spec = new SubscriptionSpec(topic, group, 100);
      try (Subscription reader = healthy.subscribe(spec, new Indifferent())) {
        reader.poll(100, Duration.ofMillis(100)).forEach(reader::accept);
      }
      return right;
    }
  }

  @CaughtBy("theAgeOfTheOldestIsTrueOrNotTold")
  static final class IsAlwaysYoung extends Miscounting {
    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      return ask(healthy, topic, group).age(Duration.ZERO);
    }
  }

  @CaughtBy("theAgeOfTheOldestIsTrueOrNotTold")
  static final class CountsFrom1970 extends Miscounting {
    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      return ask(healthy, topic, group).age(Duration.ofDays(20_000));
    }
  }

  @CaughtBy("aMissingTopicHasNoBacklogAndIsNotMade")
  static final class MakesWhatItIsAskedFor extends Miscounting {
    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      try {
        return ask(healthy, topic, group);
      } catch (TransportException missing) {
        healthy.admin().ensure(TopicSpec.of(topic).groups(group));
        throw missing;
      }
    }
  }

  @CaughtBy({"aGroupThatIsNotThereIsRefusedOrHasAll", "aBrokerThatHangsIsNotWaitedForLong"})
  static final class TakesNoAnswerForNothing extends Miscounting {
    @Override
    Backlog wrong(Transport healthy, String topic, String group) {
      try {
        return ask(healthy, topic, group);
      } catch (TransportException failure) {
        return Backlog.ofAll(topic, group, 0, Quality.EXACT);
      }
    }
  }
}
