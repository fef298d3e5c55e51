// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

/**
 * A worker id, and who holds it. Immutable.
 *
 * @param worker from 0 to 1,023
 * @param owner the token under which it was taken, never used before
 */
public record WorkerLease(int worker, String owner) {}
