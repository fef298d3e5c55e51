// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.attempt.AttemptKey;
import io.bowline.attempt.AttemptStore;
import io.bowline.retry.Retry;
import io.bowline.transport.OncePerMinute;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each attempt counted by a store before its handler is called. A batch counts while it is at
 * work only: if it comes again with an attempt that never ended, one of it may have ended the
 * process, and its messages go on one by one. Called by handler threads.
 */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  private final AttemptStore store;
  private final Retry retry;
  private final String group;
  private final OncePerMinute warnings = new OncePerMinute();

  Attempts(AttemptStore store, Retry retry, String group) {
    this.store = store;
    this.retry = retry;
    this.group = group;
  }

  /**
   * An attempt begins.
   *
   * @throws AttemptNotRecorded if the store does not count it: the handler must not be called
   * @throws AttemptsExhausted if there were enough of them, or too many for a batch
   */
  void begin(Work work) {
    List<AttemptKey> keys = keys(work);
    List<Integer> counts = counted(keys);
    if (keys.size() == 1) {
      int before = counts.get(0) - 1;
      work.recorded = before + 1;
      if (!retry.allowsAfter(before)) {
        work.recorded = before;
        throw new AttemptsExhausted(before);
      }
    } else if (counts.stream().anyMatch(count -> count > 1)) {
      throw new AttemptsExhausted(1); // forgiven at its end
    }
  }

  private List<Integer> counted(List<AttemptKey> keys) {
    List<Integer> counts;
    try {
      counts = List.copyOf(store.begin(keys));
    } catch (RuntimeException | Error failure) { // user code
      throw new AttemptNotRecorded(failure);
    }
    if (counts.size() != keys.size() || counts.stream().anyMatch(count -> count < 1)) {
      throw new AttemptNotRecorded(
          new IllegalStateException("it answered " + counts + " for " + keys.size() + " messages"));
    }
    return counts;
  }

  /** It, and its batch, are done with. */
  void done(Work work) {
    tell("clear", work, store::clear);
  }

  /**
   * A call ended. A failure that is not held against its message is forgiven, and so is that of a
   * batch, which is known not to have ended the process.
   */
  void ended(Work work, @Nullable Throwable failure, boolean against) {
    if (failure == null) {
      done(work);
    } else if (!(failure instanceof HeldBack)
        && (!against || Postponed.isLater(failure) || !work.followers.isEmpty())) {
      tell("forgive", work, store::forgive);
    }
  }

  private void tell(String what, Work work, Consumer<List<AttemptKey>> call) {
    try {
      call.accept(keys(work));
    } catch (RuntimeException | Error failure) { // too many attempts are counted, at the worst
      if (warnings.allows(what)) {
        log.warn(
            "The attempt store could not {} the attempts at {}: if it comes again, more are counted"
                + " than there were. Told at most once a minute",
            what,
            work.about(),
            failure);
      }
    }
  }

  private List<AttemptKey> keys(Work work) {
    List<AttemptKey> keys = new ArrayList<>(1 + work.followers.size());
    keys.add(key(work));
    work.followers.forEach(follower -> keys.add(key(follower)));
    return keys;
  }

  private AttemptKey key(Work work) {
    return new AttemptKey(work.message.topic(), group, work.message.id());
  }
}
