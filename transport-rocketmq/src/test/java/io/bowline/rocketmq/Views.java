// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.util.List;
import java.util.Map;
import org.apache.rocketmq.client.apis.message.Message;
import org.apache.rocketmq.client.apis.message.MessageId;
import org.apache.rocketmq.client.apis.message.MessageView;
import org.apache.rocketmq.client.java.message.MessageIdCodec;
import org.apache.rocketmq.client.java.message.MessageViewImpl;
import org.jspecify.annotations.Nullable;

/** Received messages without a broker. */
final class Views {
  private Views() {}

  static MessageId newId() {
    return MessageIdCodec.getInstance().nextMessageId();
  }

  /** As if the message had been sent and received. */
  static MessageView of(Message message) {
    byte[] body = new byte[message.getBody().remaining()];
    message.getBody().get(body);
    String group = message.getMessageGroup().orElse(null);
    return new Parts(newId(), "", 1).view(body, group, message.getProperties());
  }

  /** A message handed out in order from a place, at a time. */
  static MessageView popped(MessageId id, long offset, long popTime) {
    return popped(id, offset, popTime, 1);
  }

  static MessageView popped(MessageId id, long offset, long popTime, int attempt) {
    String handle = "0 " + popTime + " 30000 999 0 broker-a 3 " + offset + " 4711";
    return new Parts(id, handle, attempt).view(new byte[] {1}, "L0", Map.of());
  }

  private record Parts(MessageId id, String handle, int attempt) {
    MessageView view(byte[] body, @Nullable String group, Map<String, String> properties) {
      return new MessageViewImpl(
          id,
          "topic",
          body,
          null,
          group,
          null,
          null,
          null,
          List.of(),
          properties,
          "host",
          0,
          attempt,
          null,
          handle,
          0,
          false,
          null);
    }
  }
}
