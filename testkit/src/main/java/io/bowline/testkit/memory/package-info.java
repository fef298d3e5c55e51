// SPDX-License-Identifier: Apache-2.0
/** A broker in the memory of this JVM, with lanes, groups and faults, for tests. */
@NullMarked
package io.bowline.testkit.memory;

import org.jspecify.annotations.NullMarked;
