// SPDX-License-Identifier: Apache-2.0
/** What travels: messages, the stamp each of them carries, and the lanes that keep their order. */
@NullMarked
package io.bowline.message;

import org.jspecify.annotations.NullMarked;
