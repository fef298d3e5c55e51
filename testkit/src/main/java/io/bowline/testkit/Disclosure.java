// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What a failure tells to whoever prints it: where a test looks for secrets. */
public final class Disclosure {
  private Disclosure() {}

  /** The texts of a failure, of its causes, and of all that was suppressed, a line each. */
  public static String of(Throwable failure) {
    StringBuilder told = new StringBuilder();
    tell(failure, told, Collections.newSetFromMap(new IdentityHashMap<>()));
    return told.toString();
  }

  private static void tell(Throwable failure, StringBuilder told, Set<Throwable> seen) {
    for (Throwable at = failure; at != null && seen.add(at); at = at.getCause()) {
      told.append(at).append('\n');
      for (Throwable suppressed : at.getSuppressed()) {
        tell(suppressed, told, seen);
      }
    }
  }
}
