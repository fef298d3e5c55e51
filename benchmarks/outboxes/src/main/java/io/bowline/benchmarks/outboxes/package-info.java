// SPDX-License-Identifier: Apache-2.0
/**
 * Outboxes of others, to be drained beside Bowline's; what passes their door is of the JDK alone.
 */
@NullMarked
package io.bowline.benchmarks.outboxes;

import org.jspecify.annotations.NullMarked;
