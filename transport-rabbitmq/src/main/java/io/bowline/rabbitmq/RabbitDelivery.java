// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.Delivery;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A delivery with the incarnation of the channel it came by, outside which its tag means nothing.
 * Whether it is settled is known to the polling thread alone.
 */
final class RabbitDelivery implements Delivery {
  private final String channel;
  private final long tag;
  private final Content content;
  private final int attempt;
  private boolean settled;

  /** What does not change from one arrival to the next. */
  record Content(
      String topic,
      int lane,
      @Nullable String key,
      Map<String, String> headers,
      byte[] body,
      @Nullable String messageId) {}

  RabbitDelivery(String channel, long tag, Content content, int attempt) {
    this.channel = channel;
    this.tag = tag;
    this.content = content;
    this.attempt = attempt;
  }

  /** The same message arriving again. */
  RabbitDelivery again() {
    return attempt(attempt + 1);
  }

  /** The same arrival, counted anew. */
  RabbitDelivery attempt(int counted) {
    return new RabbitDelivery(channel, tag, content, counted);
  }

  /** Whether this call settled it: once only. */
  boolean settle() {
    boolean first = !settled;
    settled = true;
    return first;
  }

  boolean isSettled() {
    return settled;
  }

  /** Whether it came by the channel of this name. */
  boolean cameBy(String name) {
    return channel.equals(name);
  }

  long tag() {
    return tag;
  }

  /** Lane and id, by which it is known again after a reconnect; null if it has no id. */
  @Nullable String identity() {
    return content.messageId == null ? null : content.lane + "/" + content.messageId;
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

  /** Never the same for two messages: tags begin at 1 on each channel, so the channel is named. */
  @Override
  public String position() {
    return channel + "-" + tag;
  }

  @Override
  public String nativeId() {
    return content.messageId == null
        ? content.topic + "/" + content.lane + "/" + position()
        : content.messageId;
  }

  @Override
  public String toString() {
    return "RabbitDelivery[%s, lane=%d, position=%s, attempt=%d]"
        .formatted(content.topic, content.lane, position(), attempt);
  }
}
