// SPDX-License-Identifier: Apache-2.0
/** Consuming: Bowline's consumer beside the bare clients. */
@NullMarked
package io.bowline.benchmarks.consume;

import org.jspecify.annotations.NullMarked;
