// SPDX-License-Identifier: Apache-2.0
/** What RocketMQ offers and Bowline does not use. */
@NullMarked
package io.bowline.benchmarks.rocket;

import org.jspecify.annotations.NullMarked;
