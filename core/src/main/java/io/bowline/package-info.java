// SPDX-License-Identifier: Apache-2.0
/** The entry: {@link io.bowline.Bowline#connect}. */
@NullMarked
package io.bowline;

import org.jspecify.annotations.NullMarked;
