// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

/** How bad a simulated world is, until it calms down. */
final class Chaos {
  private final VirtualTime time;
  private final boolean onlyCuts;
  private final double badness;
  private final int latencyMillis;
  private boolean calm;

  /** What becomes of one send. */
  enum Fate {
    STORED,
    LOST,
    CONFIRM_LOST,
    BUSY,
    STORED_TWICE,
    STORED_LATE
  }

  Chaos(VirtualTime time) {
    this.time = time;
    onlyCuts = time.chance(0.3);
    badness = time.random().nextDouble() * 0.5;
    latencyMillis = 1 + time.random().nextInt(20);
  }

  /** Whether single sends come through, and only whole connections break. */
  boolean onlyCuts() {
    return onlyCuts;
  }

  int latencyMillis() {
    return latencyMillis;
  }

  void calmDown() {
    calm = true;
  }

  boolean isCalm() {
    return calm;
  }

  Fate fate() {
    if (calm || onlyCuts || !time.chance(badness)) {
      return Fate.STORED;
    }
    Fate[] fates = Fate.values();
    return fates[1 + time.random().nextInt(fates.length - 1)];
  }
}
