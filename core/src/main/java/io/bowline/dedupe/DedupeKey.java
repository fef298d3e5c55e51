// SPDX-License-Identifier: Apache-2.0
package io.bowline.dedupe;

/**
 * Which message took effect, and where. Immutable.
 *
 * @param topic the topic it was received from
 * @param group the group that processes it: each has effects of its own
 * @param messageId its id: the same at each delivery, and for each member of the group
 */
public record DedupeKey(String topic, String group, String messageId) {}
