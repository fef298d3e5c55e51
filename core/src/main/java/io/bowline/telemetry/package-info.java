// SPDX-License-Identifier: Apache-2.0
/** What is measured and traced: where figures and observations go, and who still needs them. */
@NullMarked
package io.bowline.telemetry;

import org.jspecify.annotations.NullMarked;
