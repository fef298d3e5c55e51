// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something that was asked of a broker: what it is, or why it cannot be told. For writers of
 * transports. Immutable if what it holds is.
 *
 * @param value what it is; empty if it is not known
 * @param why why not, in a few words; empty if it is known
 * @param remedy what would let it be read
 */
public record Fact<T>(Optional<T> value, String why, String remedy) {

  /** It was told. */
  public static <T> Fact<T> of(T value) {
    return new Fact<>(Optional.of(value), "", "");
  }

  /** It was not. */
  public static <T> Fact<T> unknown(String why, String remedy) {
    return new Fact<>(Optional.empty(), why, remedy);
  }

  /** What another one makes of it, if it is known. */
  public <R> Fact<R> then(Function<T, Fact<R>> next) {
    return value.map(next).orElseGet(() -> unknown(why, remedy));
  }

  /** The finding that follows from it; that it cannot be verified, if it is not known. */
  public Finding judge(Finding.Check check, Function<T, Finding> judgement) {
    Supplier<Finding> unread = () -> check.unverifiable(why, remedy);
    return value.map(judgement).orElseGet(unread);
  }
}
