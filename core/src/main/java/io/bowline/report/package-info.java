// SPDX-License-Identifier: Apache-2.0
/** What sources sent, against what a group completed of it. */
@NullMarked
package io.bowline.report;

import org.jspecify.annotations.NullMarked;
