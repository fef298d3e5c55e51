// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.transport.TransportException;
import java.io.IOException;

/**
 * Questions and declarations, one after another on one channel; the broker closes it at each no,
 * and then the next question opens another. Confined to one thread.
 */
final class Channels implements AutoCloseable {

  /** What is asked on a channel. */
  interface Question {
    void ask(Channel channel) throws IOException;
  }

  private final Connection connection;
  private Channel channel;

  Channels(Connection connection) throws IOException {
    this.connection = connection;
    this.channel = open(connection);
  }

  /** A new channel. The client answers null where all numbers are taken. */
  static Channel open(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException(
          "all " + connection.getChannelMax() + " channels of the connection are in use");
    }
    return channel;
  }

  /** Whether the broker says yes; no is its reply code 404. */
  boolean exists(String what, Question question) {
    try {
      attempt(question);
      return true;
    } catch (IOException | ShutdownSignalException e) {
      if (RabbitVerdicts.code(e).orElse(0) == AMQP.NOT_FOUND) {
        return false;
      }
      throw RabbitVerdicts.asking(what, e);
    }
  }

  /**
   * Asks.
   *
   * @throws TransportException with the broker's answer, if that was no
   */
  void run(String what, Question question) {
    try {
      attempt(question);
    } catch (IOException | ShutdownSignalException e) {
      throw RabbitVerdicts.asking(what, e);
    }
  }

  /** Asks; a no is an exception of the client with a reply code. */
  void attempt(Question question) throws IOException {
    if (!channel.isOpen()) {
      channel = open(connection);
    }
    question.ask(channel);
  }

  @Override
  public void close() {
    abort(channel);
  }

  /** Ends a channel whatever its state. */
  static void abort(Channel channel) {
    try {
      channel.abort();
    } catch (IOException | AlreadyClosedException e) {
      // It is gone, which was the wish.
    }
  }
}
