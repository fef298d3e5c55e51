// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.Chain;
import java.time.Duration;
import java.time.Instant;

/**
 * A chain whose producer writes watermarks and was not closed, and of which nothing comes any more:
 * its process ended, or it cannot reach the broker, or what it sends does not come here. Whether
 * anything of the chain's end is lost cannot be known.
 *
 * @param chain whose
 * @param lastHeard when the last message or watermark of it arrived
 * @param within the producer had said that another one follows within this time
 */
public record Silence(Chain chain, Instant lastHeard, Duration within) {}
