// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.message.Undecodable;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which failures are worth another try: among the named classes the nearest to the thrown one
 * decides, that is itself or the first of its superclasses. Where none is named there is another
 * try. Immutable and pure.
 */
final class FailureClasses {
  /** Only what can never be processed is fatal. */
  static final FailureClasses DEFAULT =
      new FailureClasses(Map.of(Unprocessable.class, true, Undecodable.class, true));

  private final Map<Class<?>, Boolean> fatal;

  private FailureClasses(Map<Class<?>, Boolean> fatal) {
    this.fatal = fatal;
  }

  /**
   * The same, with these named too.
   *
   * @throws IllegalArgumentException if none is named, or one was named as the opposite
   */
  FailureClasses with(boolean isFatal, List<Class<? extends Throwable>> types) {
    if (types.isEmpty()) {
      throw new IllegalArgumentException("At least one class of failures is to be named");
    }
    Map<Class<?>, Boolean> all = new HashMap<>(fatal);
    for (Class<? extends Throwable> type : types) {
      Boolean before = all.put(type, isFatal);
      if (before != null && before != isFatal) {
        throw new IllegalArgumentException(
            type.getName() + " cannot be both fatal and retryable: name it once");
      }
    }
    return new FailureClasses(Collections.unmodifiableMap(all));
  }

  /** Whether trying again cannot help. */
  boolean isFatal(Throwable failure) {
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      Boolean said = fatal.get(type);
      if (said != null) {
        return said;
      }
    }
    return false;
  }
}
