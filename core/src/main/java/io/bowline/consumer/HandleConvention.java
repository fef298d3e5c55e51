// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.telemetry.Messaging;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** What an observation of an attempt tells, unless the user's registry has another convention. */
final class HandleConvention implements ObservationConvention<HandleContext> {
  private final HandleContext.Step step;

  HandleConvention(HandleContext.Step step) {
    this.step = step;
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof HandleContext handled && handled.step() == step;
  }

  @Override
  public String getName() {
    return switch (step) {
      case PROCESS -> "bowline.process";
      case DEAD_LETTER -> "bowline.deadletter";
    };
  }

  @Override
  public String getContextualName(HandleContext context) {
    return context.step().word() + " " + context.message().topic();
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(HandleContext context) {
    return KeyValues.of(
        Messaging.SYSTEM, context.receiver().system(),
        Messaging.OPERATION_TYPE, "process",
        Messaging.OPERATION_NAME, context.step().word(),
        Messaging.DESTINATION, context.message().topic(),
        Messaging.GROUP, context.receiver().group());
  }

  /** Without the key, which may be personal, and without anything of the body but its size. */
  @Override
  public KeyValues getHighCardinalityKeyValues(HandleContext context) {
    return KeyValues.of(
        Messaging.BODY_SIZE, Integer.toString(context.message().body().length),
        Messaging.MESSAGE_ID, context.message().id(),
        Messaging.LANE, Integer.toString(context.message().origin().lane()),
        Messaging.ATTEMPT, Integer.toString(context.message().attempt()));
  }
}
