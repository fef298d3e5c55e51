// SPDX-License-Identifier: Apache-2.0
/** Plays scenes: turns of several contestants at one place, and a table of what they brought. */
@NullMarked
package io.bowline.benchmarks.stage;

import org.jspecify.annotations.NullMarked;
