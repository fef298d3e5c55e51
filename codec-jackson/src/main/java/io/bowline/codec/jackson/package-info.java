// SPDX-License-Identifier: Apache-2.0
/** Values as JSON, on Jackson 3. */
@NullMarked
package io.bowline.codec.jackson;

import org.jspecify.annotations.NullMarked;
