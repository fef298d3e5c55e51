// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

/**
 * A write was refused, since somebody with a greater fencing token has written: its holder lost the
 * lock meanwhile. Nothing of it must take effect. Trying again with the same token cannot help;
 * taking the lock anew can.
 */
public final class FencedOff extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With all that helps to find out. */
  public FencedOff(String message) {
    super(message);
  }
}
