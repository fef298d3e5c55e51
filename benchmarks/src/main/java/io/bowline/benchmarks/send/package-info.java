// SPDX-License-Identifier: Apache-2.0
/** Sending: Bowline's producer beside the bare clients and Spring. */
@NullMarked
package io.bowline.benchmarks.send;

import org.jspecify.annotations.NullMarked;
