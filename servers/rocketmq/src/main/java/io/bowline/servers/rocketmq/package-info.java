// SPDX-License-Identifier: Apache-2.0
/** RocketMQ's name server, broker and proxy as one process for tests. */
@NullMarked
package io.bowline.servers.rocketmq;

import org.jspecify.annotations.NullMarked;
