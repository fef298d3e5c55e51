// SPDX-License-Identifier: Apache-2.0
/** How often and how soon something is tried again. */
@NullMarked
package io.bowline.retry;

import org.jspecify.annotations.NullMarked;
