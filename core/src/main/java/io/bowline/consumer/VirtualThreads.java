// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads of the JVM, which the byte code for 17 cannot name. They are final since JDK
 * 21 (JEP 444); since JDK 24 (JEP 491) one that blocks inside {@code synchronized} holds no thread
 * of the machine.
 */
final class VirtualThreads {
  private static final int FIRST = 21;
  private static final int FIRST_WITHOUT_PINNING = 24;

  private VirtualThreads() {}

  /** Makes virtual threads; empty if this JVM has none. */
  static Optional<ThreadFactory> kind() {
    return Optional.ofNullable(Runtime.version().feature() < FIRST ? null : Found.KIND);
  }

  /**
   * Checks that there are any.
   *
   * @throws IllegalStateException if this JVM has none
   */
  static void require() {
    if (kind().isEmpty()) {
      throw new IllegalStateException(
          "Virtual threads need JDK 21 or later, and this is "
              + Runtime.version()
              + ": run on a later one, or leave virtualThreads(true) out");
    }
  }

  /** Whether they are the better choice for a handler that was not said to need them. */
  static boolean areSafe() {
    return Runtime.version().feature() >= FIRST_WITHOUT_PINNING && Found.KIND != null;
  }

  private static final class Found {
    static final @Nullable ThreadFactory KIND = look();

    /** As {@code Thread.ofVirtual().factory()}. */
    private static @Nullable ThreadFactory look() {
      try {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
        MethodHandle ofVirtual =
            lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
        MethodHandle factory =
            lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
        return (ThreadFactory) factory.invoke(ofVirtual.invoke());
      } catch (Throwable absent) { // a JVM without them goes on with threads of the machine
        return null;
      }
    }
  }
}
