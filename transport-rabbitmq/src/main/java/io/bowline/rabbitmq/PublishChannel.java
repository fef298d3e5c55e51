// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.PendingConfirms.Address;
import io.bowline.rabbitmq.PendingConfirms.Pending;
import io.bowline.rabbitmq.PendingConfirms.Returned;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One incarnation of the channel on which everything is published, in confirm mode before its first
 * message. Published on by one thread only; answers come on the client's.
 */
final class PublishChannel {
  private final Channel channel;
  private final int frameMax;
  private final PublishTrouble trouble;
  private final PendingConfirms pending = new PendingConfirms();

  /**
   * Exchanges that this channel reached: a later refusal no longer tells which message it means.
   */
  private final Set<String> reached = ConcurrentHashMap.newKeySet();

  /** Hears why a channel ended, before the sends that were under way on it. */
  interface PublishTrouble {
    void channelEnded(ShutdownSignalException reason, List<String> topics);
  }

  private PublishChannel(Channel channel, int frameMax, PublishTrouble trouble) {
    this.channel = channel;
    this.frameMax = frameMax;
    this.trouble = trouble;
  }

  static PublishChannel open(Connection connection, PublishTrouble trouble) throws IOException {
    Channel channel = Channels.open(connection);
    PublishChannel opened = new PublishChannel(channel, connection.getFrameMax(), trouble);
    channel.addReturnListener(opened::returned);
    channel.addConfirmListener(opened::acked, opened::nacked);
    channel.confirmSelect();
    channel.addShutdownListener(opened::ended);
    return opened;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** The room for a message's properties: they must fit into one frame. */
  int frameMax() {
    return frameMax == 0 ? Integer.MAX_VALUE : frameMax;
  }

  /**
   * Writes a message; its answer comes later. May block for as long as the socket does.
   *
   * @return false if it provably was not written and has no answer
   */
  boolean publish(Publication publication) {
    Outgoing message = publication.message();
    AMQP.BasicProperties properties = RabbitMessages.properties(message);
    String routingKey = RabbitNames.routingKey(message.lane());
    Address address = new Address(message.topic(), routingKey, properties.getMessageId());
    long number = channel.getNextPublishSeqNo();
    if (!pending.add(number, publication, address)) {
      return false;
    }
    try {
      channel.basicPublish(message.topic(), routingKey, true, properties, message.body());
      return true;
    } catch (AlreadyClosedException e) {
      // The client looks for this before it writes the first byte.
      return !pending.withdraw(number);
    } catch (IOException | RuntimeException e) {
      // The client counted a number that the broker may not have: no later answer would fit.
      giveUp();
      return true;
    }
  }

  /** Takes out what got no answer in time. */
  List<Publication> removeLate(long now) {
    return pending.removeLate(now);
  }

  /** Ends this incarnation; what is under way on it is UNKNOWN. */
  void giveUp() {
    ended(new ShutdownSignalException(false, true, null, channel));
    RabbitConnections.inBackground("bowline-rabbitmq-close", () -> Channels.abort(channel));
  }

  private void returned(Return back) {
    Address address =
        new Address(back.getExchange(), back.getRoutingKey(), back.getProperties().getMessageId());
    pending.returned(address, new Returned(back.getReplyCode(), back.getReplyText()));
  }

  private void acked(long number, boolean multiple) {
    for (Pending each : pending.answered(number, multiple)) {
      Outgoing message = each.publication().message();
      reached.add(message.topic());
      Returned returned = each.returned();
      if (returned == null) {
        each.publication().confirm();
      } else {
        each.publication().fail(RabbitVerdicts.returned(message, returned.code(), returned.text()));
      }
    }
  }

  private void nacked(long number, boolean multiple) {
    for (Pending each : pending.answered(number, multiple)) {
      reached.add(each.publication().message().topic());
      each.publication().fail(RabbitVerdicts.nacked(each.publication().message()));
    }
  }

  private void ended(ShutdownSignalException reason) {
    List<Publication> cut = pending.close();
    List<String> topics = cut.stream().map(each -> each.message().topic()).toList();
    trouble.channelEnded(reason, topics.stream().distinct().toList());
    for (Publication each : cut) {
      each.fail(verdict(each.message(), reason, topics));
    }
  }

  private TransportException verdict(
      Outgoing message, ShutdownSignalException reason, List<String> topics) {
    String topic = message.topic();
    boolean alone = topics.stream().filter(topic::equals).count() == 1;
    boolean named = RabbitVerdicts.names(reason, topic);
    return alone && named && !reached.contains(topic)
        ? RabbitVerdicts.forbidden(message, reason)
        : RabbitVerdicts.cut(message, reason);
  }
}
