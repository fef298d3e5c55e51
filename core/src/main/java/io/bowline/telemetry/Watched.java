// SPDX-License-Identifier: Apache-2.0
package io.bowline.telemetry;

import io.micrometer.observation.Observation;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work under observation, which goes on whatever an observation's handlers throw: traces cost no
 * message. Their first failure in a process is logged at WARN, later ones at DEBUG. Thread-safe as
 * far as the observation is.
 */
public final class Watched {
  private static final Logger log = LoggerFactory.getLogger(Watched.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final Observation observation;

  private Watched(Observation observation) {
    this.observation = observation;
  }

  /** Starts an observation; null if that failed, and then the work goes unobserved. */
  public static @Nullable Watched start(Supplier<Observation> made) {
    try {
      return new Watched(made.get().start());
    } catch (RuntimeException | LinkageError broken) {
      tell(broken);
      return null;
    }
  }

  /** Makes it the current observation of this thread, until the scope is closed. */
  public Scope open() {
    try {
      Observation.Scope scope = observation.openScope();
      return () -> quietly(scope::close);
    } catch (RuntimeException | LinkageError broken) {
      tell(broken);
      return () -> {};
    }
  }

  /** Something happened on the way. */
  public void event(Observation.Event event) {
    quietly(() -> observation.event(event));
  }

  /** The work ended, well or with a failure. */
  public void stop(@Nullable Throwable failure) {
    if (failure != null) {
      quietly(() -> observation.error(failure));
    }
    quietly(observation::stop);
  }

  private static void quietly(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | LinkageError broken) {
      tell(broken);
    }
  }

  private static void tell(Throwable broken) {
    if (WARNED.compareAndSet(false, true)) {
      log.warn("An observation failed; the work goes on, and may be missing in traces", broken);
    } else {
      log.debug("An observation failed", broken);
    }
  }

  /** While it is open the observation is the current one of its thread. */
  @FunctionalInterface
  public interface Scope {
    /** The observation that was current before is so again. */
    void close();
  }
}
