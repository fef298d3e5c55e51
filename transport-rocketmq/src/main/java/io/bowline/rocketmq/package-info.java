// SPDX-License-Identifier: Apache-2.0
/** RocketMQ 5 behind Bowline's transport contract, spoken to over gRPC. */
@NullMarked
package io.bowline.rocketmq;

import org.jspecify.annotations.NullMarked;
