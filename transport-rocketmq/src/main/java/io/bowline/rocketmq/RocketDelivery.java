// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.Delivery;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One handing-out of a message to the core. */
final class RocketDelivery implements Delivery {

  /**
   * A message as the core sees it.
   *
   * @param topic as the subscription named it
   * @param lane from the message group
   * @param key the key, or null
   * @param headers as the producer gave them; unmodifiable
   * @param body the body, or empty
   */
  record Content(
      String topic, int lane, @Nullable String key, Map<String, String> headers, byte[] body) {}

  private final Content content;
  private final Place place;
  private final int attempt;

  RocketDelivery(Content content, Place place, int attempt) {
    this.content = content;
    this.place = place;
    this.attempt = attempt;
  }

  @Override
  public String topic() {
    return content.topic;
  }

  @Override
  public int lane() {
    return content.lane;
  }

  @Override
  public @Nullable String key() {
    return content.key;
  }

  @Override
  public Map<String, String> headers() {
    return content.headers;
  }

  @Override
  public byte[] body() {
    return content.body;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public String position() {
    return place.toString();
  }

  @Override
  public String nativeId() {
    return place.messageId();
  }

  Place place() {
    return place;
  }

  @Override
  public String toString() {
    return "RocketDelivery[" + content.topic + " " + place + ", attempt=" + attempt + "]";
  }
}
