// SPDX-License-Identifier: Apache-2.0
/** The producer and the consumer together, over a broker in memory that fails in every way. */
@NullMarked
package io.bowline.testkit.engine;

import org.jspecify.annotations.NullMarked;
