// SPDX-License-Identifier: Apache-2.0
/**
 * The outbox: messages that a business change left in its database, and their way to the broker.
 */
@NullMarked
package io.bowline.outbox;

import org.jspecify.annotations.NullMarked;
