// SPDX-License-Identifier: Apache-2.0
/**
 * Real brokers and databases for tests and demos: given by an address, run in a container, or as
 * child processes.
 */
@NullMarked
package io.bowline.testkit.servers;

import org.jspecify.annotations.NullMarked;
