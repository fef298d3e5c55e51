// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.BrokenKit.CaughtBy;
import io.bowline.testkit.Forwarding.Reading;
import io.bowline.transport.Delivery;
import io.bowline.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Transports that settle wrongly, one defect each. */
final class BrokenSettlements {
  private BrokenSettlements() {}

  /** Knows what it handed out and did not see settled. */
  private static class Holding extends Reading {
    final List<Delivery> held = new ArrayList<>();

    Holding(Subscription healthy) {
      super(healthy);
    }

    @Override
    public List<Delivery> poll(int max, Duration timeout) {
      List<Delivery> some = healthy.poll(max, timeout);
      held.addAll(some);
      return some;
    }

    @Override
    public boolean accept(Delivery delivery) {
      held.remove(delivery);
      return healthy.accept(delivery);
    }

    @Override
    public boolean release(Delivery delivery, Duration delay) {
      held.remove(delivery);
      return healthy.release(delivery, delay);
    }
  }

  @CaughtBy("acceptedDoesNotComeBack")
  static final class ForgetsAccepts extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        private final List<Delivery> done = new ArrayList<>();

        @Override
        public boolean accept(Delivery delivery) {
          boolean fresh = !done.contains(delivery);
          done.add(delivery);
          return fresh;
        }
      };
    }
  }

  @CaughtBy("acceptingALaterOneDoesNotAcceptAnEarlierOne")
  static final class AcceptsAllBefore extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Holding(healthy) {
        @Override
        public boolean accept(Delivery delivery) {
          for (Delivery earlier : List.copyOf(held)) {
            if (earlier == delivery) {
              break;
            }
            super.accept(earlier);
          }
          return super.accept(delivery);
        }
      };
    }
  }

  @CaughtBy({"unsettledGoesToTheNextMember", "aCrashedMembersMessagesMoveOn"})
  static final class AcceptsOnArrival extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          List<Delivery> some = healthy.poll(max, timeout);
          some.forEach(healthy::accept);
          return some;
        }

        @Override
        public boolean accept(Delivery delivery) {
          return true;
        }
      };
    }
  }

  @CaughtBy("unsettledGoesToTheNextMember")
  static final class AcceptsAllWhenItLeaves extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Holding(healthy) {
        @Override
        public void close() {
          List.copyOf(held).forEach(this::accept);
          super.close();
        }
      };
    }
  }

  @CaughtBy("releasedComesBackNotBeforeItsDelay")
  static final class IgnoresTheDelay extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public boolean release(Delivery delivery, Duration delay) {
          return healthy.release(delivery, Duration.ZERO);
        }
      };
    }
  }

  @CaughtBy({"releasedComesBackNotBeforeItsDelay", "attemptsNeverFall"})
  static final class LosesWhatIsReleased extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public boolean release(Delivery delivery, Duration delay) {
          return healthy.accept(delivery);
        }
      };
    }
  }

  @CaughtBy("releasingOneMovesNoOther")
  static final class ReleasesTheRestToo extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Holding(healthy) {
        @Override
        public boolean release(Delivery delivery, Duration delay) {
          boolean ours = super.release(delivery, delay);
          List.copyOf(held).forEach(other -> super.release(other, delay));
          return ours;
        }
      };
    }
  }

  @CaughtBy({"aDeliverySettlesOnce", "settlingAfterOwnershipWasLostReturnsFalse"})
  static final class AlwaysSaysYes extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public boolean accept(Delivery delivery) {
          return healthy.accept(delivery) || delivery.attempt() > 0;
        }

        @Override
        public boolean release(Delivery delivery, Duration delay) {
          return healthy.release(delivery, delay) || delivery.attempt() > 0;
        }
      };
    }
  }

  @CaughtBy("aDeliveryFromBeforeARestartSettlesTrulyOrNotAtAll")
  static final class SaysYesToWhatIsGone extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        private final List<Delivery> settled = new ArrayList<>();

        @Override
        public boolean accept(Delivery delivery) {
          boolean first = !settled.contains(delivery);
          settled.add(delivery);
          return healthy.accept(delivery) || first;
        }
      };
    }
  }

  @CaughtBy("attemptsNeverFall")
  static final class CountsDown extends BrokenKit {
    @Override
    Subscription broken(Subscription healthy) {
      return new Reading(healthy) {
        @Override
        public List<Delivery> poll(int max, Duration timeout) {
          return healthy.poll(max, timeout).stream().<Delivery>map(Falling::new).toList();
        }

        @Override
        public boolean accept(Delivery delivery) {
          return healthy.accept(((Falling) delivery).counted);
        }

        @Override
        public boolean release(Delivery delivery, Duration delay) {
          return healthy.release(((Falling) delivery).counted, delay);
        }
      };
    }
  }

  private record Falling(Delivery counted) implements Delivery {
    @Override
    public String topic() {
      return counted.topic();
    }

    @Override
    public int lane() {
      return counted.lane();
    }

    @Override
    public @Nullable String key() {
      return counted.key();
    }

    @Override
    public Map<String, String> headers() {
      return counted.headers();
    }

    @Override
    public byte[] body() {
      return counted.body();
    }

    @Override
    public int attempt() {
      return Math.max(1, 100 - counted.attempt());
    }

    @Override
    public String position() {
      return counted.position();
    }

    @Override
    public String nativeId() {
      return counted.nativeId();
    }
  }
}
