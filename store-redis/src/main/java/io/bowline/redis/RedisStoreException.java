// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

/**
 * Redis did not do what a store asked of it, or nobody knows whether it did. The message says what,
 * where, and why.
 */
public final class RedisStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RedisStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
