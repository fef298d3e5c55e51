// SPDX-License-Identifier: Apache-2.0
/** What the whole repository is held to: sizes, names, calls, documentation and layers. */
@NullMarked
package io.bowline.conventions;

import org.jspecify.annotations.NullMarked;
