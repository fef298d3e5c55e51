// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.GapListener;
import io.bowline.retry.Retry;
import io.bowline.transport.SubscriptionSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a builder collected. */
record ConsumerSettings(
    SubscriptionSpec subscription,
    int concurrency,
    long maxBytes,
    Retry retry,
    @Nullable String deadLetterTopic,
    @Nullable GapListener gaps,
    Duration leaveWithin) {

  String topic() {
    return subscription.topic();
  }

  String group() {
    return subscription.group();
  }
}
