// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

/**
 * A lane of an outbox, lent to one relay for a while.
 *
 * @param lane from 0 to {@link OutboxStore#lanes} - 1
 * @param relay who has it
 * @param epoch greater with each relay that had it: what it does with an earlier one is refused
 */
public record LaneLease(int lane, String relay, long epoch) {}
