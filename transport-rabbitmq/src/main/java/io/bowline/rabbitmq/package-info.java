// SPDX-License-Identifier: Apache-2.0
/** RabbitMQ as a transport: confirmed publishing, lanes as quorum queues, our own reconnecting. */
@NullMarked
package io.bowline.rabbitmq;

import org.jspecify.annotations.NullMarked;
