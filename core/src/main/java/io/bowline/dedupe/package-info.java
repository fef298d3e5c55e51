// SPDX-License-Identifier: Apache-2.0
/** Whether a message took effect already, asked of what remembers that for a while. */
@NullMarked
package io.bowline.dedupe;

import org.jspecify.annotations.NullMarked;
