// SPDX-License-Identifier: Apache-2.0
/** Locks that Bowline keeps in ZooKeeper, on Curator. */
@NullMarked
package io.bowline.zookeeper;

import org.jspecify.annotations.NullMarked;
