// SPDX-License-Identifier: Apache-2.0
/** Receiving: a message is acknowledged only after its work is done, and a key's in order. */
@NullMarked
package io.bowline.consumer;

import org.jspecify.annotations.NullMarked;
