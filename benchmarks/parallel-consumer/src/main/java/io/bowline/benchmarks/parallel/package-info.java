// SPDX-License-Identifier: Apache-2.0
/** Confluent's Parallel Consumer, for a class loader of its own. */
@NullMarked
package io.bowline.benchmarks.parallel;

import org.jspecify.annotations.NullMarked;
