// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.telemetry.Messaging;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** What an observation of a send tells, unless the user's registry has another convention. */
final class SendConvention implements ObservationConvention<SendContext> {
  static final String NAME = "bowline.send";

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof SendContext;
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public String getContextualName(SendContext context) {
    return "send " + context.message().topic();
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(SendContext context) {
    return KeyValues.of(
        Messaging.SYSTEM, context.sender().system(),
        Messaging.OPERATION_TYPE, "send",
        Messaging.OPERATION_NAME, "send",
        Messaging.DESTINATION, context.message().topic(),
        Messaging.SOURCE, context.sender().source(),
        Messaging.OUTCOME, context.outcome().map(TopicMeters::tag).orElse("none"));
  }

  /** Without the key, which may be personal, and without anything of the body but its size. */
  @Override
  public KeyValues getHighCardinalityKeyValues(SendContext context) {
    KeyValues known =
        KeyValues.of(
            Messaging.BODY_SIZE, Integer.toString(context.message().body().length),
            Messaging.MESSAGE_ID, context.message().id().orElse(""));
    return context
        .receipt()
        .map(receipt -> known.and(Messaging.LANE, Integer.toString(receipt.lane())))
        .orElse(known);
  }
}
