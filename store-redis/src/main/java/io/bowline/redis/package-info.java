// SPDX-License-Identifier: Apache-2.0
/** What Bowline keeps in Redis, on Lettuce. */
@NullMarked
package io.bowline.redis;

import org.jspecify.annotations.NullMarked;
