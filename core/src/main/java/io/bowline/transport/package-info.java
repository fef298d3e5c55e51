// SPDX-License-Identifier: Apache-2.0
/** The contract between Bowline and a broker: what a transport must do, and the words for it. */
@NullMarked
package io.bowline.transport;

import org.jspecify.annotations.NullMarked;
