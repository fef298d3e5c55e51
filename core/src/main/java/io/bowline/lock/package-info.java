// SPDX-License-Identifier: Apache-2.0
/** Locks by name, shared by processes, with a token that a write is checked by. */
@NullMarked
package io.bowline.lock;

import org.jspecify.annotations.NullMarked;
