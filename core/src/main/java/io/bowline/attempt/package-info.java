// SPDX-License-Identifier: Apache-2.0
/** Attempts at messages, counted where a crash does not forget them. */
@NullMarked
package io.bowline.attempt;

import org.jspecify.annotations.NullMarked;
