// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.rocketmq.Holdings.Held;
import io.bowline.rocketmq.Holdings.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.rocketmq.client.apis.ClientException;
import org.apache.rocketmq.client.apis.message.MessageView;
import org.apache.rocketmq.client.java.exception.TooManyRequestsException;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledgements and renewals under way. The client's threads only put answers into a queue; all
 * else happens on the polling thread.
 */
final class Settlements {
  private static final Duration FLUSH_WITHIN = Duration.ofSeconds(3);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(200);

  /** Acknowledgements under way at once: as many as a member holds unsettled by default. */
  private static final int MOST_FLYING = 1_000;

  /** As good as at once; zero is taken for "not given" by some proxies. */
  private static final Duration VISIBLE_NOW = Duration.ofMillis(1);

  private record Answer(
      Held held, MessageView view, boolean renewal, long asked, @Nullable Throwable failure) {}

  private final RocketMember member;
  private final Holdings holdings;
  private final InvisibleLeases<Held> leases;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Held> again = new ArrayList<>();
  private List<CompletableFuture<?>> flying = new ArrayList<>();
  private long againAt;

  Settlements(RocketMember member, Holdings holdings, InvisibleLeases<Held> leases) {
    this.member = member;
    this.holdings = holdings;
    this.leases = leases;
  }

  /** Acknowledges this one, and those after it in its batch that only waited for it. */
  void accepted(Held held) {
    for (Held each : holdings.acknowledgeable(held)) {
      if (leases.renewing(each) && !each.ordered) {
        // The answer brings a new handle, and the old one is void then.
        again.add(each);
      } else {
        acknowledge(each);
      }
    }
  }

  private void acknowledge(Held held) {
    held.acknowledging = true;
    MessageView view = held.view;
    long now = System.nanoTime();
    flying.add(
        member
            .acknowledge(view)
            .handle((done, failure) -> answers.add(new Answer(held, view, false, now, failure))));
  }

  /** Asks for more time for what needs it. */
  void renew(long now) {
    for (Held held : leases.due(now)) {
      MessageView view = held.view;
      CompletableFuture<?> unused =
          member
              .changeInvisible(view, member.invisible())
              .handle((done, failure) -> answers.add(new Answer(held, view, true, now, failure)));
    }
  }

  /** How long until a failed acknowledgement is tried again, in nanoseconds. */
  long untilAgain(long now) {
    return again.isEmpty() ? Long.MAX_VALUE : Math.max(0, againAt - now);
  }

  /** Tries again what failed or had to wait. */
  void again(long now) {
    if (!again.isEmpty() && now - againAt >= 0) {
      againAt = now + AGAIN_AFTER.toNanos();
      List<Held> waiting = List.copyOf(again);
      again.clear();
      waiting.stream().filter(each -> each.state == State.ACCEPTED).forEach(this::accepted);
    }
  }

  /** Reads the answers that came; returns what is acknowledged. */
  List<Held> answers() {
    List<Held> ended = new ArrayList<>();
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      if (answer.view != answer.held.view || answer.held.state == State.GONE) {
        continue; // It was handed out again since, and goes by another handle.
      }
      if (answer.renewal) {
        renewed(answer);
      } else if (answer.failure != null && mayHelpAgain(answer.failure)) {
        answer.held.acknowledging = false;
        again.add(answer.held);
      } else {
        holdings.end(answer.held);
        leases.ended(answer.held);
        ended.add(answer.held);
      }
    }
    return ended;
  }

  private void renewed(Answer answer) {
    if (answer.failure == null) {
      leases.renewed(answer.held, answer.asked);
      return;
    }
    leases.failed(answer.held);
    member
        .complaints()
        .about(
            "renew",
            "{} at {} could not be kept and will come again: {}",
            member.who(),
            answer.held.place,
            RocketVerdicts.described(answer.failure));
  }

  /** A broker that answered with a refusal will not take it later; it hands it out again. */
  private static boolean mayHelpAgain(Throwable failure) {
    Throwable cause = RocketVerdicts.unwrapped(failure);
    return !(cause instanceof ClientException) || cause instanceof TooManyRequestsException;
  }

  /** While messages flow nobody waits for an answer, unless very many are under way. */
  void flushIfMany() {
    flying.removeIf(CompletableFuture::isDone);
    if (flying.size() >= MOST_FLYING) {
      flush();
    }
  }

  /** Waits until the acknowledgements under way are answered, within a bound. */
  void flush() {
    if (flying.isEmpty()) {
      return;
    }
    List<CompletableFuture<?>> open = flying;
    flying = new ArrayList<>();
    if (!answered(open)) {
      open.stream().filter(each -> !each.isDone()).forEach(flying::add);
    }
  }

  private static boolean answered(List<CompletableFuture<?>> open) {
    try {
      CompletableFuture.allOf(open.toArray(CompletableFuture[]::new))
          .get(FLUSH_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true; // Failures are in the answers.
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Makes all that is still held visible to others at once; what was accepted is acknowledged
   * first.
   *
   * @return how many went back without having been processed
   */
  int handBack() {
    answers();
    againAt = System.nanoTime();
    again(againAt);
    flush();
    answers();
    List<CompletableFuture<?>> changes = new ArrayList<>();
    int unprocessed = 0;
    for (Held each : holdings.all()) {
      if (each.state != State.LOST) {
        changes.add(member.changeInvisible(each.view, VISIBLE_NOW));
        unprocessed += each.state == State.ACCEPTED ? 0 : 1;
      }
    }
    answered(changes);
    return unprocessed;
  }
}
