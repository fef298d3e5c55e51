// SPDX-License-Identifier: Apache-2.0
/** What the engines take from the machine they run on, so that a simulation can give it instead. */
@NullMarked
package io.bowline.machine;

import org.jspecify.annotations.NullMarked;
