// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConsumerShutdownSignalCallback;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.Delivery;
import io.bowline.rabbitmq.RabbitDelivery.Content;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One incarnation of a channel that consumes the queues of some lanes: what arrived and was not
 * polled, and the tags. The client's threads add; all else is the polling thread's.
 */
final class ConsumeChannel {
  private final ConsumeTarget target;
  private final Channel channel;
  private final Doorbell doorbell;
  private final String name = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
  private final DeliveryTags tags = new DeliveryTags();
  private final TreeSet<Integer> acknowledged = new TreeSet<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Bounded by the prefetch of every queue, which the broker keeps to. */
  private final Deque<RabbitDelivery> arrived = new ArrayDeque<>();

  private boolean first = true;
  private @Nullable String end;

  /** Whose queues are consumed, and how many unsettled messages each may have out. */
  record ConsumeTarget(String topic, String group, int lanes, int prefetch) {
    String queue(int lane) {
      return RabbitNames.queue(topic, group, lane);
    }
  }

  private ConsumeChannel(ConsumeTarget target, Channel channel, Doorbell doorbell) {
    this.target = target;
    this.channel = channel;
    this.doorbell = doorbell;
  }

  /** Opens a channel and consumes; what was begun is given up if a queue says no. */
  static ConsumeChannel open(
      Connection connection, ConsumeTarget target, Collection<Integer> lanes, Doorbell doorbell)
      throws IOException {
    Channel channel = Channels.open(connection);
    ConsumeChannel opened = new ConsumeChannel(target, channel, doorbell);
    channel.addShutdownListener(reason -> opened.end(RabbitVerdicts.describe(reason)));
    try {
      channel.basicQos(target.prefetch, false);
      for (int lane : lanes) {
        opened.consume(lane);
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      Channels.abort(channel);
      throw e;
    }
  }

  private void consume(int lane) throws IOException {
    String queue = target.queue(lane);
    first &= channel.queueDeclarePassive(queue).getConsumerCount() == 0;
    DeliverCallback deliver = (consumer, message) -> arrive(lane, message);
    // After this the queue delivers nothing more, though the channel stays open.
    CancelCallback cancelled = consumer -> end("queue " + queue + " cancelled its consumer");
    ConsumerShutdownSignalCallback shutdown =
        (consumer, reason) -> end(RabbitVerdicts.describe(reason));
    channel.basicConsume(queue, false, deliver, cancelled, shutdown);
  }

  private void arrive(int lane, Delivery message) {
    AMQP.BasicProperties properties = message.getProperties();
    String id = properties.getMessageId();
    Content content =
        new Content(
            target.topic,
            lane,
            RabbitMessages.key(properties),
            RabbitMessages.headers(properties),
            message.getBody(),
            id == null || id.isBlank() ? null : id);
    int attempt = RabbitMessages.attempt(properties, message.getEnvelope().isRedeliver());
    RabbitDelivery delivery =
        new RabbitDelivery(name, message.getEnvelope().getDeliveryTag(), content, attempt);
    lock.lock();
    try {
      arrived.addLast(delivery);
    } finally {
      lock.unlock();
    }
    doorbell.ring();
  }

  /** Its name among all channels there ever were. */
  String name() {
    return name;
  }

  /** Whether no other consumer was there, so that this one is probably the active one. */
  boolean cameFirst() {
    return first;
  }

  /** Why it is over, or null if it is not. */
  @Nullable String ended() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  /** Takes up to this many that arrived. */
  List<RabbitDelivery> take(int max) {
    List<RabbitDelivery> taken = new ArrayList<>();
    lock.lock();
    try {
      while (end == null && taken.size() < max && !arrived.isEmpty()) {
        RabbitDelivery next = arrived.removeFirst();
        tags.handedOut(next.tag());
        taken.add(next);
      }
    } finally {
      lock.unlock();
    }
    return taken;
  }

  /** Notes that a delivery was processed; false if that can no longer be told to the broker. */
  boolean accept(RabbitDelivery delivery) {
    if (ended() != null || !tags.accept(delivery.tag())) {
      return false;
    }
    acknowledged.add(delivery.lane());
    return true;
  }

  /** Writes the acknowledgements of all that was accepted. */
  void flush() {
    if (ended() != null) {
      return;
    }
    try {
      tags.flush(channel::basicAck);
    } catch (IOException | AlreadyClosedException e) {
      end("acknowledging failed: " + RabbitVerdicts.describe(e));
    }
  }

  /**
   * Leaves in order: a queue that hears of the channel's end before the acknowledgements gives the
   * messages to another member. What is unsettled goes back to its place in the queue.
   *
   * @return false if the broker did not answer
   */
  boolean leave() {
    flush();
    try {
      // The channel's process keeps acknowledgements back while 32 commands to a queue have no
      // answer. The first barrier is answered after those, which sets the others free; the second
      // one after them.
      for (int lane : acknowledged) {
        barrier(target.queue(lane));
        barrier(target.queue(lane));
      }
      end("left");
      channel.close();
      return true;
    } catch (IOException | TimeoutException | RuntimeException e) {
      giveUp("leaving failed: " + RabbitVerdicts.describe(e));
      return false;
    }
  }

  /**
   * Waits until a quorum queue has everything that was written before: a consumer is entered in its
   * log, as acknowledgements are, while a passive declare overtakes them. Where one consumer is
   * active this one waits behind it, and is gone with the channel.
   */
  private void barrier(String queue) throws IOException {
    channel.basicConsume(queue, false, (consumer, message) -> {}, consumer -> {});
  }

  /**
   * Ends it without waiting for the broker. A channel that lost a consumer only still carries what
   * was accepted.
   */
  void giveUp(String why) {
    end(why);
    try {
      if (channel.isOpen()) {
        tags.flush(channel::basicAck);
      }
    } catch (IOException | AlreadyClosedException e) {
      // Then what was accepted comes again, as after every cut.
    }
    RabbitConnections.inBackground("bowline-rabbitmq-close", () -> Channels.abort(channel));
  }

  private void end(String why) {
    lock.lock();
    try {
      if (end == null) {
        end = why;
        arrived.clear();
      }
    } finally {
      lock.unlock();
    }
    doorbell.ring();
  }
}
