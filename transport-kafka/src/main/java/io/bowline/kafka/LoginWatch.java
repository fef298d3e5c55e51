// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;

/**
 * Asks the broker what is wrong when answers stay away: a producer that was let in once tells
 * nobody that its login is refused now, and tries until its messages expire. Used by one thread.
 */
final class LoginWatch {
  /** Nobody is asked. */
  static final LoginWatch NONE = new LoginWatch(() -> KafkaFuture.completedFuture(null));

  /** How long an answer may stay away before the broker is asked, and how often it is. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Supplier<KafkaFuture<?>> question;
  private final AtomicBoolean asking = new AtomicBoolean();
  private long lastAsked = System.nanoTime() - PATIENCE_NANOS;

  /**
   * Asks by this.
   *
   * @param question a short question to the broker by another connection with the same login
   */
  LoginWatch(Supplier<KafkaFuture<?>> question) {
    this.question = question;
  }

  /**
   * Asks if it is time.
   *
   * @param oldest how long the oldest send has been under way, in nanoseconds
   * @param onTrouble hears what the broker, or the way to it, said
   */
  void look(long oldest, long now, Consumer<Throwable> onTrouble) {
    boolean due = oldest > PATIENCE_NANOS && now - lastAsked >= PATIENCE_NANOS;
    if (!due || !asking.compareAndSet(false, true)) {
      return;
    }
    lastAsked = now;
    var unused =
        question
            .get()
            .whenComplete(
                (answer, trouble) -> {
                  asking.set(false);
                  if (trouble != null) {
                    Throwable cause = trouble.getCause();
                    onTrouble.accept(
                        trouble instanceof java.util.concurrent.CompletionException && cause != null
                            ? cause
                            : trouble);
                  }
                });
  }
}
