// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

/**
 * What one setting or one state of a broker says about what it stores. Immutable.
 *
 * @param check what was looked at, and how much depends on it
 * @param status whether it is as it should be
 * @param read what was read: {@code replication factor 1}; or why nothing could be
 * @param meaning what follows from it, in one sentence
 * @param remedy the command or setting that mends it; empty if there is nothing to mend
 */
public record Finding(Check check, Status status, String read, String meaning, String remedy) {

  /** Whether something is as it should be. */
  public enum Status {
    /** It was read, and is as it should be. */
    PASS,
    /** It was read, and is not. */
    FAIL,
    /** It could not be read, so it may be either: for want of a right, or of a way to ask. */
    UNVERIFIABLE
  }

  /** How much depends on it. */
  public enum Severity {
    /** A confirmed message can be lost. */
    CRITICAL,
    /** Messages are refused, delayed or repeated, or a loss is one step nearer. */
    WARNING,
    /** Good to know. */
    NOTICE
  }

  /**
   * What was looked at.
   *
   * @param name in lower case with hyphens, the same in each version: {@code replication-factor}
   * @param severity how much depends on it
   * @param where whose setting or state it is: {@code topic beans.deduct}
   */
  public record Check(String name, Severity severity, String where) {

    /** A check upon which confirmed messages depend. */
    public static Check critical(String name, String where) {
      return new Check(name, Severity.CRITICAL, where);
    }

    /** A check upon which no confirmed message depends directly. */
    public static Check warning(String name, String where) {
      return new Check(name, Severity.WARNING, where);
    }

    /** A check of what is good to know. */
    public static Check notice(String name, String where) {
      return new Check(name, Severity.NOTICE, where);
    }

    /** It is as it should be. */
    public Finding pass(String read, String meaning) {
      return new Finding(this, Status.PASS, read, meaning, "");
    }

    /** It is not. */
    public Finding fail(String read, String meaning, String remedy) {
      return new Finding(this, Status.FAIL, read, meaning, remedy);
    }

    /**
     * It could not be read.
     *
     * @param why in a few words
     * @param remedy what would let it be read
     */
    public Finding unverifiable(String why, String remedy) {
      return new Finding(
          this, Status.UNVERIFIABLE, why, "It may be as it should be, or not.", remedy);
    }
  }

  /** True if it keeps nobody from relying on the broker: it passed, or is only good to know. */
  public boolean isFine() {
    return status == Status.PASS || check.severity() == Severity.NOTICE;
  }

  /** One line, and a second one with the remedy if there is one. */
  @Override
  public String toString() {
    String line =
        "%-12s %-8s %s of %s: %s. %s"
            .formatted(status, check.severity(), check.name(), check.where(), read, meaning);
    return remedy.isEmpty() ? line : line + "\n    To mend it: " + remedy;
  }
}
