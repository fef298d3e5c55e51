// SPDX-License-Identifier: Apache-2.0
/** The numbers of keys, counted where all processes and restarts find them. */
@NullMarked
package io.bowline.sequence;

import org.jspecify.annotations.NullMarked;
