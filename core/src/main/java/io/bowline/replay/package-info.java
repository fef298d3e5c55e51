// SPDX-License-Identifier: Apache-2.0
/** Dead letters on their way back to the topics from which they came. */
@NullMarked
package io.bowline.replay;

import org.jspecify.annotations.NullMarked;
