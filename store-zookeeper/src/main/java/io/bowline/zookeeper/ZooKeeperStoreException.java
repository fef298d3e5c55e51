// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper did not do what was asked of it, or nobody knows whether it did. The message says what,
 * and why.
 */
public final class ZooKeeperStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ZooKeeperStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
