// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.backlog.BacklogAdvisor;
import io.bowline.backlog.BacklogAlert;
import io.bowline.backlog.BacklogLevel;
import io.bowline.backlog.BacklogLevel.Change;
import io.bowline.backlog.BacklogPolicy;
import io.bowline.backlog.BacklogRates;
import io.bowline.backlog.BacklogRates.Sample;
import io.bowline.backlog.BacklogView;
import io.bowline.backlog.Team;
import io.bowline.transport.OncePerMinute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Measures a backlog look by look, and tells when it crosses a threshold, with advice. Confined to
 * the watch over the backlog, but for the end.
 */
final class BacklogAlarm {
  private static final Logger log = LoggerFactory.getLogger(BacklogAlarm.class);

  private final String who;
  private final BacklogPolicy policy;
  private final BacklogLevel level;
  private final AlertTeller teller;
  private final Teams teams;
  private final BacklogRates rates = new BacklogRates();
  private final OncePerMinute warnings = new OncePerMinute();
  private int owned;

  /** Who works on a backlog, if so many lanes are this member's alone, of so many. */
  @FunctionalInterface
  interface Teams {
    Team of(int owned, int lanes);
  }

  /**
   * @param who for the log
   */
  BacklogAlarm(String who, BacklogPolicy policy, AlertTeller teller, Teams teams) {
    this.who = who;
    this.policy = policy;
    this.level = new BacklogLevel(policy);
    this.teller = teller;
    this.teams = teams;
  }

  /**
   * One look more.
   *
   * @param where topic and group
   * @param nanos when, by a steady clock
   */
  void next(BacklogWatch.Question where, BacklogView view, BacklogSigns.Seen seen, long nanos) {
    if (seen.owned() != owned) {
      rates.restart(); // what others acknowledged meanwhile is not ours
      owned = seen.owned();
    }
    rates.add(new Sample(nanos, view.messages(), seen.acknowledged(), seen.work()));
    Change change = level.next(view);
    if (change == Change.NONE) {
      return;
    }
    Team team = teams.of(owned, view.lanes().size());
    boolean high = change == Change.ROSE;
    BacklogAlert alert =
        new BacklogAlert(
            where.topic(),
            where.group(),
            high,
            view,
            BacklogAdvisor.advise(view, rates.rates(), team, policy.drainWithin()));
    teller.tell(alert);
    log.atLevel(high && warnings.allows("high") ? Level.WARN : Level.INFO)
        .log(
            "{}: its backlog is {}: {} messages ({}). {}",
            who,
            high ? "high" : "low again",
            view.messages().orElse(0),
            view.quality(),
            alert.advice().text());
  }

  /** Tells nobody any more. */
  void close() {
    teller.close();
  }
}
