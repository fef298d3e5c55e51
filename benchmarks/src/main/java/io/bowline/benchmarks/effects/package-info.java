// SPDX-License-Identifier: Apache-2.0
/** What it costs to give each message its effect once, beside the same work without that. */
@NullMarked
package io.bowline.benchmarks.effects;

import org.jspecify.annotations.NullMarked;
