// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

/** The database did not do what a store asked of it. The message says what, where, and why. */
public final class JdbcStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean unknown;

  JdbcStoreException(String message, Throwable cause, boolean unknown) {
    super(message, cause);
    this.unknown = unknown;
  }

  /**
   * Whether it may have been done all the same: the commit was sent, and its answer did not come.
   * If false, nothing was done.
   */
  public boolean unknown() {
    return unknown;
  }
}
