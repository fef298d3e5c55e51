// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

/** A lane of a topic. */
record Place(String topic, int lane) {}
