// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

/** What a confirmed message of a topic survives, by the broker's settings as they were read. */
public enum Durability {
  /** The end of the process that holds it; not the power cut of its machine, nor its disk's end. */
  LOCAL,
  /** The power cut of its machine, since it is on the disk; not the end of that disk. */
  LOCAL_SYNC,
  /** The loss of any one machine, since another one has it; not a power cut of all at once. */
  REPLICATED,
  /** The loss of any one machine, and a power cut of all. */
  REPLICATED_SYNC,
  /** What this hangs on could not be read. */
  UNVERIFIED;

  private boolean isReplicated() {
    return this == REPLICATED || this == REPLICATED_SYNC;
  }

  private boolean isOnDisk() {
    return this == LOCAL_SYNC || this == REPLICATED_SYNC;
  }

  /** Whether a message survives here all that it survives there; false if either is not known. */
  public boolean isAsGoodAs(Durability other) {
    return this != UNVERIFIED
        && other != UNVERIFIED
        && (isReplicated() || !other.isReplicated())
        && (isOnDisk() || !other.isOnDisk());
  }
}
