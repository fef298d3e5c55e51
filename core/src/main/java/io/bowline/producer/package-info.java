// SPDX-License-Identifier: Apache-2.0
/**
 * Sending: every message ends confirmed, rejected or unknown, and the messages of a key in order.
 */
@NullMarked
package io.bowline.producer;

import org.jspecify.annotations.NullMarked;
