// SPDX-License-Identifier: Apache-2.0
/** Bowline on Kafka: {@code kafka://host:9092} addresses, by the kafka-clients library. */
@NullMarked
package io.bowline.kafka;

import org.jspecify.annotations.NullMarked;
