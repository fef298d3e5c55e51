// SPDX-License-Identifier: Apache-2.0
/** Ids that no other message in the world has. */
@NullMarked
package io.bowline.id;

import org.jspecify.annotations.NullMarked;
