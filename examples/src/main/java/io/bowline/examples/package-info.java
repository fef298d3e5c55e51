// SPDX-License-Identifier: Apache-2.0
/**
 * The bean story: a trade service orders beans to be deducted, a bean service deducts them, and
 * whatever dies in between, no order is lost and each user's orders stay in order.
 */
@NullMarked
package io.bowline.examples;

import org.jspecify.annotations.NullMarked;
