// SPDX-License-Identifier: Apache-2.0
/** Missing numbers, noticed and named. */
@NullMarked
package io.bowline.gap;

import org.jspecify.annotations.NullMarked;
