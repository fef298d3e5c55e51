// SPDX-License-Identifier: Apache-2.0
/** The command line: what is on a broker and in a store, asked and put right from a terminal. */
@NullMarked
package io.bowline.cli;

import org.jspecify.annotations.NullMarked;
