// SPDX-License-Identifier: Apache-2.0
package io.bowline.telemetry;

/**
 * Names of what observations tell, after OpenTelemetry's semantic conventions for messaging;
 * Bowline's own words begin with {@code bowline}.
 */
public final class Messaging {
  /** The kind of broker: {@code kafka}, {@code rabbitmq}, {@code rocketmq}. */
  public static final String SYSTEM = "messaging.system";

  /** {@code send} or {@code process}. */
  public static final String OPERATION_TYPE = "messaging.operation.type";

  /** {@code send}, {@code process} or {@code dead-letter}. */
  public static final String OPERATION_NAME = "messaging.operation.name";

  /** The topic. */
  public static final String DESTINATION = "messaging.destination.name";

  /** The lane. */
  public static final String LANE = "messaging.destination.partition.id";

  /** The consumer's group. */
  public static final String GROUP = "messaging.consumer.group.name";

  /** The message's id. */
  public static final String MESSAGE_ID = "messaging.message.id";

  /** The body's length in bytes. */
  public static final String BODY_SIZE = "messaging.message.body.size";

  /** The producer's source. */
  public static final String SOURCE = "bowline.source";

  /** {@code confirmed}, {@code rejected} or {@code unknown}; {@code none} until it is known. */
  public static final String OUTCOME = "bowline.outcome";

  /** Which attempt at the message this is, from 1. */
  public static final String ATTEMPT = "bowline.attempt";

  private Messaging() {}
}
