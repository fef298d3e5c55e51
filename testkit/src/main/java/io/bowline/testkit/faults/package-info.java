// SPDX-License-Identifier: Apache-2.0
/** Faults between a client and its broker: a proxy that cuts, freezes, drops and delays. */
@NullMarked
package io.bowline.testkit.faults;

import org.jspecify.annotations.NullMarked;
