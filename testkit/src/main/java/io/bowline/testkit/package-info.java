// SPDX-License-Identifier: Apache-2.0
/** Conformance kits: what a transport must do, as tests that its own tests inherit. */
@NullMarked
package io.bowline.testkit;

import org.jspecify.annotations.NullMarked;
