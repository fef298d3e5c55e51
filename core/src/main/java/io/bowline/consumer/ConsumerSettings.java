// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.gap.GapListener;
import io.bowline.gap.GapStore;
import io.bowline.report.SentLog;
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
    GapSettings gaps,
    Duration leaveWithin) {

  /** What holds if nothing is said. */
  static ConsumerSettings standard(String topic, String group) {
    return new ConsumerSettings(
        new SubscriptionSpec(topic, group, ConsumerBuilder.DEFAULT_MAX_MESSAGES),
        ConsumerBuilder.DEFAULT_CONCURRENCY,
        ConsumerBuilder.DEFAULT_MAX_BYTES,
        Retry.attempts(5),
        null,
        GapSettings.STANDARD,
        ConsumerBuilder.DEFAULT_LEAVE_WITHIN);
  }

  String topic() {
    return subscription.topic();
  }

  String group() {
    return subscription.group();
  }

  ConsumerSettings maxMessages(int most) {
    return with(new SubscriptionSpec(topic(), group(), most, subscription.maxSpan()), maxBytes);
  }

  ConsumerSettings maxSpan(int most) {
    int messages = subscription.maxUnsettled();
    return with(new SubscriptionSpec(topic(), group(), messages, most), maxBytes);
  }

  ConsumerSettings maxBytes(long most) {
    return with(subscription, most);
  }

  private ConsumerSettings with(SubscriptionSpec asked, long bytes) {
    return new ConsumerSettings(
        asked, concurrency, bytes, retry, deadLetterTopic, gaps, leaveWithin);
  }

  ConsumerSettings concurrency(int handlers) {
    return new ConsumerSettings(
        subscription, handlers, maxBytes, retry, deadLetterTopic, gaps, leaveWithin);
  }

  ConsumerSettings retry(Retry rule) {
    return new ConsumerSettings(
        subscription, concurrency, maxBytes, rule, deadLetterTopic, gaps, leaveWithin);
  }

  ConsumerSettings deadLetterTopic(String named) {
    return new ConsumerSettings(
        subscription, concurrency, maxBytes, retry, named, gaps, leaveWithin);
  }

  ConsumerSettings onGap(GapListener listener) {
    return gaps(gaps.listener(listener));
  }

  ConsumerSettings gapStore(GapStore store) {
    return gaps(gaps.store(store));
  }

  ConsumerSettings sentLog(SentLog log) {
    return gaps(gaps.sentLog(log));
  }

  private ConsumerSettings gaps(GapSettings said) {
    return new ConsumerSettings(
        subscription, concurrency, maxBytes, retry, deadLetterTopic, said, leaveWithin);
  }

  ConsumerSettings leaveWithin(Duration longest) {
    return new ConsumerSettings(
        subscription, concurrency, maxBytes, retry, deadLetterTopic, gaps, longest);
  }
}
