// SPDX-License-Identifier: Apache-2.0
/** What is to be measured, and what a turn cost: time, processor time and garbage. */
@NullMarked
package io.bowline.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
