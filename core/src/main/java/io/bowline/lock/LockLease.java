// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

/**
 * Who has a lock. Immutable.
 *
 * @param name what is locked
 * @param owner the token under which it was taken, never used before
 * @param token the fencing token, above 0
 */
public record LockLease(String name, String owner, long token) {}
