// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.rocketmq.RocketMessages.SubscribedTopic;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.apache.rocketmq.client.apis.message.MessageView;

/**
 * One consumer of the client, with what its subscription needs to know.
 *
 * @param consumer the client's consumer
 * @param topic what it reads
 * @param group the group's name, for people
 * @param settings the options
 * @param complaints where warnings go
 */
record RocketMember(
    SimpleConsumer consumer,
    SubscribedTopic topic,
    String group,
    RocketSettings settings,
    Complaints complaints) {

  /** Topic and group, for people. */
  String who() {
    return "topic " + topic.name() + " in group " + group;
  }

  Duration invisible() {
    return settings.invisible();
  }

  Duration closeWithin() {
    return settings.connectTimeout();
  }

  CompletableFuture<Void> acknowledge(MessageView view) {
    return safely(() -> consumer.ackAsync(view));
  }

  CompletableFuture<Void> changeInvisible(MessageView view, Duration span) {
    return safely(() -> consumer.changeInvisibleDurationAsync(view, span));
  }

  private static CompletableFuture<Void> safely(AsyncCall call) {
    try {
      return call.start();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private interface AsyncCall {
    CompletableFuture<Void> start();
  }

  /** Leaves the group; waits for that at most the connect timeout. */
  void close() {
    RocketClient.closed("consumer of " + who(), consumer, closeWithin());
  }
}
