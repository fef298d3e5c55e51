// SPDX-License-Identifier: Apache-2.0
/** What an outbox costs who appends, how fast it is drained, and how soon its messages arrive. */
@NullMarked
package io.bowline.benchmarks.outbox;

import org.jspecify.annotations.NullMarked;
