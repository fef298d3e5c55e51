// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import io.bowline.dedupe.DedupeStore.Answer;
import io.bowline.transport.OncePerMinute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a dedupe store claim each message before its handler is called, and told once it took effect,
 * before it is acknowledged. Called by handler threads, {@link #extend} by one thread of its own.
 */
final class Claims {
  private static final Logger log = LoggerFactory.getLogger(Claims.class);

  private final DedupeStore store;
  private final String group;
  private final ClaimMeters meters;
  private final BooleanSupplier stopped;
  private final OncePerMinute warnings = new OncePerMinute();

  /** What is ours: at work, or not known to be done. No more than there are messages in memory. */
  private final Map<Work, Claim> held = new ConcurrentHashMap<>();

  /** Those of them that {@link #extend} saw the last time. */
  private Set<Claim> seen = Set.of();

  /**
   * @param stopped whether handlers are interrupted: how one ends then says nothing
   */
  Claims(DedupeStore store, String group, ClaimMeters meters, BooleanSupplier stopped) {
    this.store = store;
    this.group = group;
    this.meters = meters;
    this.stopped = stopped;
  }

  /**
   * Whether the handler is to be called; if not, the message took effect already.
   *
   * @throws ClaimBusy if somebody else is at work on it
   * @throws DedupeFailed if it is not known whether it took effect
   */
  boolean mayCall(Work work) {
    if (work.tookEffect) {
      return false;
    }
    Claim brokenOff = held.remove(work);
    if (brokenOff != null) {
      release(work, brokenOff);
    }
    Answer answer = claimed(work);
    if (answer instanceof Answer.Mine mine) {
      held.put(work, mine.claim());
      work.unrecorded = 0;
      return true;
    }
    if (answer instanceof Answer.Busy busy) {
      meters.busy();
      throw new ClaimBusy(busy.left());
    }
    meters.done();
    log.debug("{} took effect before, and is not handled again", work.message);
    return false;
  }

  private Answer claimed(Work work) {
    try {
      DedupeKey key = new DedupeKey(work.message.topic(), group, work.message.id());
      return Objects.requireNonNull(store.claim(key), "it answered nothing");
    } catch (RuntimeException | Error failure) { // user code
      throw DedupeFailed.toClaim(failure);
    }
  }

  /**
   * The call ended, or there was none.
   *
   * @return why the message may not be acknowledged yet; null if it may
   */
  @Nullable Throwable ended(Work work, @Nullable Throwable failure) {
    Claim claim = held.get(work);
    if (claim == null) {
      return failure;
    }
    if (failure != null || stopped.getAsBoolean()) {
      held.remove(work);
      release(work, claim);
      return failure;
    }
    work.tookEffect = true;
    boolean ours;
    try {
      ours = store.done(claim);
    } catch (RuntimeException | Error unknown) { // user code
      return DedupeFailed.toSayDone(unknown);
    }
    held.remove(work);
    if (!ours) {
      meters.doubtful();
      tellDoubt(work);
    }
    return null;
  }

  private void tellDoubt(Work work) {
    if (warnings.allows("doubt")) {
      log.warn(
          "{} may have taken effect twice: its claim in {} was over before its handler ended, and"
              + " somebody else may have claimed it. Look for long pauses of this process and for"
              + " failures of the store, or let the lease of {} be longer. Told at most once a"
              + " minute",
          work.about(),
          store.memory(),
          store.lease());
    }
  }

  private void release(Work work, Claim claim) {
    try {
      store.release(claim);
    } catch (RuntimeException | Error failure) { // user code; the claim ends by itself
      if (warnings.allows("release")) {
        log.warn(
            "The claim at {} could not be released in {}: it waits until that has ended, within {}."
                + " Told at most once a minute",
            work.about(),
            store.memory(),
            store.lease(),
            failure);
      }
    }
  }

  /**
   * Extends what has been held since the last time: twice or more within a lease. So a claim that
   * is quickly done costs nothing here.
   */
  void extend() {
    Set<Claim> now = new HashSet<>();
    List<Claim> lasting = new ArrayList<>();
    held.forEach(
        (work, claim) -> {
          if (!work.lane.isOpen() && !work.isAtWork()) {
            held.remove(work, claim); // nobody here will go on with it
          } else if (now.add(claim) && seen.contains(claim)) {
            lasting.add(claim);
          }
        });
    seen = now;
    if (lasting.isEmpty()) {
      return;
    }
    try {
      store.extend(lasting);
    } catch (RuntimeException | Error failure) { // user code
      if (warnings.allows("extend")) {
        log.warn(
            "{} claims of group {} could not be extended in {}: those whose handlers outlast the"
                + " lease of {} may take effect twice. Told at most once a minute",
            lasting.size(),
            group,
            store.memory(),
            store.lease(),
            failure);
      }
    }
  }
}
