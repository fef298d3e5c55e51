// SPDX-License-Identifier: Apache-2.0
/**
 * Whole worlds of producers, consumers and a failing broker in virtual time, each from one seed.
 */
@NullMarked
package io.bowline.testkit.simulation;

import org.jspecify.annotations.NullMarked;
