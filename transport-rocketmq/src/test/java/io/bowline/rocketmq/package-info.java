// SPDX-License-Identifier: Apache-2.0
/** Tests of the RocketMQ transport. */
@NullMarked
package io.bowline.rocketmq;

import org.jspecify.annotations.NullMarked;
