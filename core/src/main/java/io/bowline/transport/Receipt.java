// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

/**
 * The broker's word that it stored a message as durably as it is configured to.
 *
 * @param messageId the id in the message's stamp
 * @param topic where it lies
 * @param lane the lane in which it lies
 * @param position the broker's own name for the place: an offset on Kafka, a message id on
 *     RocketMQ; empty where the broker does not tell
 */
public record Receipt(String messageId, String topic, int lane, String position) {}
