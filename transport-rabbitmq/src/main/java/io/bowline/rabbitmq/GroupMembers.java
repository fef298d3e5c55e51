// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How many members a group has. A queue with a single active consumer gives way to nobody and does
 * not tell how many wait for it; so each member also consumes a queue that never holds a message,
 * and the number of its consumers is the number of members, of those that crashed too soon as well.
 * Confined to the polling thread; asking never waits.
 */
final class GroupMembers {
  private static final long PAUSE = Duration.ofSeconds(1).toNanos();

  private final String queue;
  private @Nullable Channel channel;
  private @Nullable CompletableFuture<Integer> answer;
  private long askedAt;

  GroupMembers(String queue) {
    this.queue = queue;
  }

  /** Joins, unless it has. */
  void join(Connection connection) throws IOException {
    Channel last = channel;
    if (last != null && last.isOpen()) {
      return;
    }
    Channel joining = Channels.open(connection);
    try {
      joining.basicConsume(queue, true, (consumer, message) -> {}, consumer -> {});
    } catch (IOException | RuntimeException e) {
      Channels.abort(joining);
      throw e;
    }
    answer = null;
    channel = joining;
  }

  /** The number of members if a new answer came, else 0; asks again now and then. */
  int news() {
    CompletableFuture<Integer> waiting = answer;
    if (waiting != null && waiting.isDone()) {
      answer = null;
      return waiting.exceptionally(failure -> 0).join();
    }
    Channel current = channel;
    long now = System.nanoTime();
    if (waiting == null && current != null && now - askedAt > PAUSE) {
      askedAt = now;
      answer = ask(current);
    }
    return 0;
  }

  private @Nullable CompletableFuture<Integer> ask(Channel current) {
    try {
      return current
          .asyncCompletableRpc(new AMQP.Queue.Declare.Builder().queue(queue).passive().build())
          .thenApply(
              command ->
                  command.getMethod() instanceof AMQP.Queue.DeclareOk counted
                      ? counted.getConsumerCount()
                      : 0);
    } catch (IOException | AlreadyClosedException e) {
      // The connection ends, which the lanes' channels tell as well.
      return null;
    }
  }

  void leave() {
    Channel last = channel;
    channel = null;
    if (last != null) {
      RabbitConnections.inBackground("bowline-rabbitmq-close", () -> Channels.abort(last));
    }
  }
}
