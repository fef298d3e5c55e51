// SPDX-License-Identifier: Apache-2.0
/** Tests of the Kafka transport: what is pure here, the rest on a real broker. */
@NullMarked
package io.bowline.kafka;

import org.jspecify.annotations.NullMarked;
