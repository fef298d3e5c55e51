// SPDX-License-Identifier: Apache-2.0
/** Bowline beside the bare clients and Spring, on one broker, in one run. */
@NullMarked
package io.bowline.benchmarks;

import org.jspecify.annotations.NullMarked;
