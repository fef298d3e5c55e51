// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

/** A lane of a topic. */
record TopicLane(String topic, int lane) {
  static TopicLane of(Publication publication) {
    return new TopicLane(publication.message().topic(), publication.message().lane());
  }
}
