// SPDX-License-Identifier: Apache-2.0
/** One Kafka node as a process for tests. */
@NullMarked
package io.bowline.servers.kafka;

import org.jspecify.annotations.NullMarked;
