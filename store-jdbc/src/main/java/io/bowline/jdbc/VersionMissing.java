// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

/**
 * An earlier message of the same key has not come in the time for which a {@link JdbcVersionGuard}
 * waits, so this one may not take effect. It is an attempt like any that failed: the message is
 * tried again, and dead-lettered in the end; replayed after the missing one came, or was skipped,
 * it takes effect.
 */
public final class VersionMissing extends RuntimeException {
  private static final long serialVersionUID = 1;

  VersionMissing(String message) {
    super(message);
  }
}
