// SPDX-License-Identifier: Apache-2.0
/**
 * Micro-benchmarks by JMH: the stamp, the gap detector, and the way of a message through the
 * producer.
 */
@NullMarked
package io.bowline.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
