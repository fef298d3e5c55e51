// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

import io.bowline.backlog.BacklogAdvice.Limit;
import io.bowline.backlog.BacklogRates.Rates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Advice in sentences for people. Pure. */
final class AdviceText {
  private final Team team;
  private final Duration drainWithin;
  private final Rates rates;

  AdviceText(Team team, Duration drainWithin, Rates rates) {
    this.team = team;
    this.drainWithin = drainWithin;
    this.rates = rates;
  }

  String of(Limit limit, OptionalInt workers, OptionalInt members, OptionalInt lanes) {
    if (limit == Limit.UNKNOWN) {
      return "It was not measured for long enough to say what would help.";
    }
    return String.format(
            Locale.ROOT,
            "This member acknowledges %.1f messages a second, and the backlog %s by %.1f. ",
            rates.served(),
            rates.growth() > 0 ? "grows" : "shrinks",
            Math.abs(rates.growth()))
        + switch (limit) {
          case NONE -> "It drains within " + drainWithin + " as it goes.";
          case WORKERS -> "All workers are at work. " + ways(workers, members, lanes);
          case LANES -> "Workers wait for messages. " + ways(workers, members, lanes);
          case KEYS -> keys();
          case HELD_BACK -> heldBack();
          case STANDSTILL ->
              "Nothing is acknowledged, so more of anything would stand still too: see what"
                  + " health() says.";
          case UNKNOWN -> "";
        };
  }

  private String ways(OptionalInt workers, OptionalInt members, OptionalInt lanes) {
    List<String> ways = new ArrayList<>();
    workers.ifPresent(more -> ways.add(workers(more)));
    members.ifPresent(
        more -> {
          if (more > 0 && lanes.isEmpty()) {
            ways.add(more + " more members");
          }
        });
    lanes.ifPresent(
        needed ->
            ways.add(
                "%d members instead of %d, and as many lanes: the topic has %d, and no more members"
                        .formatted(needed, team.members(), team.lanes())
                    + " get work"));
    return "To drain it within " + drainWithin + " takes " + String.join(", or ", ways) + ".";
  }

  private String workers(int more) {
    if (team.members() == 0) {
      return more + " more workers over all members (concurrency)";
    }
    int each = team.concurrency() + (int) Math.ceil((double) more / team.members());
    return "concurrency %d instead of %d in each of %d members"
        .formatted(each, team.concurrency(), team.members());
  }

  private String keys() {
    return String.format(
        Locale.ROOT,
        "Messages wait behind earlier ones of their keys: in memory there are %.0f of %.0f keys,"
            + " and %.0f %% of them are of one key. More workers, members or lanes do not help:"
            + " make the handler quicker, or divide the key.",
        rates.held(),
        rates.lines(),
        100 * rates.ofOneKey());
  }

  private String heldBack() {
    if (!team.heldBack().isEmpty()) {
      return "No handler is called: " + team.heldBack() + ".";
    }
    return rates.served() >= BacklogAdvisor.BUSY * team.perSecond()
        ? "The rate limit of " + team.perSecond() + " a second holds messages back."
        : "Messages wait in memory while few handlers are at work: for their next try, if they"
            + " failed.";
  }
}
