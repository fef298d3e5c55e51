// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

/**
 * How the sends of a producer ended, from its opening to its closing. Their sum is the number of
 * calls of {@code send}.
 *
 * @param confirmed how many were confirmed
 * @param rejected how many were rejected
 * @param unknown how many ended unknown, those given up by the closing included
 */
public record SendReport(long confirmed, long rejected, long unknown) {}
