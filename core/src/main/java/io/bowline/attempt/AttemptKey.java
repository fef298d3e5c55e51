// SPDX-License-Identifier: Apache-2.0
package io.bowline.attempt;

/**
 * Which message attempts are counted of. Immutable.
 *
 * @param topic the topic it was received from
 * @param group the group that processes it
 * @param messageId its id: the same at each delivery, and for each member of the group
 */
public record AttemptKey(String topic, String group, String messageId) {}
