// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Something that none of several queues, brokers or the like may have. For writers of transports.
 * Immutable.
 *
 * @param which whether one has it
 * @param read what was read then, before the names of those that have it
 * @param meaning what follows from it, in one sentence
 * @param remedy the command or setting that mends it
 */
public record Fault<T>(Predicate<T> which, String read, String meaning, String remedy) {

  /** Passes if none has it, and fails naming those that do. */
  public Finding judge(
      Finding.Check check, Fact<List<T>> all, Function<List<T>, String> names, String good) {
    return all.judge(
        check,
        known -> {
          List<T> found = known.stream().filter(which).toList();
          return found.isEmpty()
              ? check.pass("so of all", good)
              : check.fail(read + ": " + names.apply(found), meaning, remedy);
        });
  }
}
