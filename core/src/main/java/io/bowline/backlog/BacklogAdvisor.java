// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import io.bowline.backlog.BacklogAdvice.Limit;
import io.bowline.backlog.BacklogRates.Rates;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What would drain a backlog in time. To get so many messages a second more, it takes as many more
 * workers as are at work on so many now, by Little's law (at work = rate × time of a message), or
 * as many more members as one handles so many now. Where work is held back by something that
 * neither of them changes, none is named. Pure.
 */
public final class BacklogAdvisor {
  /** All workers count as busy with so many of them at work, on average. */
  static final double BUSY = 0.75;

  /** Messages wait behind others of their key with so many in memory for each key there. */
  static final double CROWDED = 2;

  /** No more of anything is ever advised. */
  static final int MOST = 1_000_000;

  private final long messages;
  private final Rates rates;
  private final Team team;
  private final Duration drainWithin;

  private BacklogAdvisor(long messages, Rates rates, Team team, Duration drainWithin) {
    this.messages = messages;
    this.rates = rates;
    this.team = team;
    this.drainWithin = drainWithin;
  }

  /** Advice for this many messages that are left; empty if that is not known. */
  public static BacklogAdvice advise(
      BacklogView view, Rates rates, Team team, Duration drainWithin) {
    if (!view.isKnown()) {
      Rates unseen = new Rates(Double.NaN, rates.served(), 0, 0, 0, 0);
      return new BacklogAdvisor(0, unseen, team, drainWithin).advice();
    }
    return new BacklogAdvisor(view.messages().orElse(0), rates, team, drainWithin).advice();
  }

  private BacklogAdvice advice() {
    Limit limit = limit();
    OptionalInt workers =
        limit == Limit.WORKERS ? OptionalInt.of(moreWorkers()) : OptionalInt.empty();
    OptionalInt members = OptionalInt.empty();
    OptionalInt lanes = OptionalInt.empty();
    if (limit == Limit.WORKERS || limit == Limit.LANES) {
      int more = ceiling(missing() / rates.served());
      int free = team.lanes() == 0 ? more : Math.max(0, team.lanes() - team.members());
      members = OptionalInt.of(Math.min(more, free));
      lanes = more > free ? OptionalInt.of(team.members() + more) : OptionalInt.empty();
    }
    double served = rates.served() * Math.max(1, team.members());
    return new BacklogAdvice(
        Math.max(0, rates.growth() + served),
        served,
        drainsIn(),
        limit,
        workers,
        members,
        lanes,
        new AdviceText(team, drainWithin, rates).of(limit, workers, members, lanes));
  }

  private Limit limit() {
    if (Double.isNaN(rates.growth()) || Double.isNaN(rates.served())) {
      return Limit.UNKNOWN;
    }
    if (missing() <= 0) {
      return Limit.NONE;
    }
    if (!team.heldBack().isEmpty() || rates.served() >= BUSY * team.perSecond()) {
      return Limit.HELD_BACK;
    }
    if (rates.served() <= 0) {
      return Limit.STANDSTILL;
    }
    if (Double.isNaN(rates.atWork())) {
      return Limit.UNKNOWN;
    }
    return limitAtWork();
  }

  private Limit limitAtWork() {
    double busy = BUSY * team.concurrency();
    if (rates.atWork() >= busy) {
      return Limit.WORKERS;
    }
    boolean crowded = rates.held() >= CROWDED * rates.lines() && rates.held() >= busy;
    if (crowded && rates.lines() < busy) {
      return Limit.KEYS;
    }
    return rates.lines() >= busy && rates.held() >= team.concurrency() && rates.atWork() > 0
        ? waiting()
        : Limit.LANES;
  }

  /** Many could be at work and few are: they wait for something, unless handlers are too quick. */
  private Limit waiting() {
    return rates.atWork() < team.concurrency() / 4.0 && rates.held() > CROWDED * team.concurrency()
        ? Limit.HELD_BACK
        : Limit.LANES;
  }

  /** Messages a second that are to be handled beyond those that are, by the whole group. */
  private double missing() {
    double seconds = drainWithin.getSeconds() + 1e-9 * drainWithin.getNano();
    return rates.growth() + messages / seconds;
  }

  private int moreWorkers() {
    return ceiling(missing() * rates.atWork() / rates.served());
  }

  private static int ceiling(double value) {
    return (int) Math.min(MOST, Math.ceil(value));
  }

  private Optional<Duration> drainsIn() {
    if (messages == 0 && !Double.isNaN(rates.growth())) {
      return Optional.of(Duration.ZERO);
    }
    return rates.growth() < 0
        ? Optional.of(Duration.ofSeconds((long) Math.ceil(messages / -rates.growth())))
        : Optional.empty();
  }
}
