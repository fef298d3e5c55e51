// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.measure;

/**
 * What one turn of a contestant brought.
 *
 * @param messages how many, all of them with success
 */
public record Turn(long messages, Meter.Usage usage) {

  /** Messages per second. */
  public double perSecond() {
    return messages * 1e9 / usage.nanos();
  }

  /** Microseconds of processor time per message, of this process. */
  public double cpu() {
    return usage.cpuNanos() / 1e3 / messages;
  }

  /** Bytes allocated per message. */
  public double bytes() {
    return (double) usage.bytes() / messages;
  }

  /** Tells how it goes, while it goes. */
  public void progress(int number, String name) {
    System.err.printf(
        "  %-9s %-28s %,11.0f msg/s %8.3f us %,8.0f B%n",
        number < 0 ? "warm-up" : "round " + (number + 1), name, perSecond(), cpu(), bytes());
  }

  /** The threads that cost most. */
  public String dearest() {
    return usage.costs().dearest(messages);
  }
}
