// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a builder collected about the holding back of messages, and the watch over it.
 *
 * @param perSecond the most calls of the handler in a second; infinite for no limit
 */
record FlowSettings(double perSecond, @Nullable CircuitBreaker breaker, Duration stuckAfter) {}
