// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.List;

/** RabbitMQ's own client: one channel for all queues, and one acknowledgement for many messages. */
final class BareRabbitReader implements Reader {
  private static final int PREFETCH = 1_000;

  private final Connection connection;
  private final Channel channel;
  private final Task task;
  private final int each;
  private long last;
  private int unacknowledged;

  private BareRabbitReader(Connection connection, Task task, int each) throws IOException {
    this.connection = connection;
    this.channel = connection.createChannel();
    this.task = task;
    this.each = each;
  }

  /** Acknowledges after so many. */
  static Opener opener(String uri, List<String> queues, int each) {
    return task -> {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(uri);
      factory.setAutomaticRecoveryEnabled(false);
      BareRabbitReader reader = new BareRabbitReader(factory.newConnection("bare"), task, each);
      reader.channel.basicQos(PREFETCH);
      for (String queue : queues) {
        String unused = reader.channel.basicConsume(queue, false, reader.new Counting());
      }
      return reader;
    };
  }

  private final class Counting extends DefaultConsumer {
    Counting() {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      task.handle();
      handled(envelope.getDeliveryTag());
    }
  }

  /** On the one thread that the client has for a channel, but for the last. */
  private synchronized void handled(long tag) throws IOException {
    last = tag;
    unacknowledged++;
    if (unacknowledged >= each) {
      channel.basicAck(last, true);
      unacknowledged = 0;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (unacknowledged > 0) {
      channel.basicAck(last, true);
    }
    channel.basicQos(0, false); // an answer: what was sent before has arrived
    connection.close();
  }
}
