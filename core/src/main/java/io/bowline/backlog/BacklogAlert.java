// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

/**
 * A backlog crossed a threshold. Immutable.
 *
 * @param topic the topic
 * @param group the group
 * @param high whether it is high now; else it is low again
 * @param backlog what was seen
 * @param advice what would help, at the rates of the last minutes
 */
public record BacklogAlert(
    String topic, String group, boolean high, BacklogView backlog, BacklogAdvice advice) {}
