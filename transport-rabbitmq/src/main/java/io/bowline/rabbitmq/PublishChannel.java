// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.PendingConfirms.Address;
import io.bowline.rabbitmq.Publication.Returned;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One incarnation of the channel on which everything is published, in confirm mode before its first
 * message. Published on by one thread only; answers come on the client's.
 */
final class PublishChannel {
  private final Channel channel;
  private final PublishTrouble trouble;
  private final PendingConfirms pending = new PendingConfirms();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CountDownLatch told = new CountDownLatch(1);

  /** Held while late ones are taken out and told. */
  private final Object tellingLate = new Object();

  /**
   * Exchanges that this channel reached: a later refusal no longer tells which message it means.
   */
  private final Set<String> reached = ConcurrentHashMap.newKeySet();

  private String lastReached = "";

  /** Hears of the end of a channel, around the outcomes of what was under way on it. */
  interface PublishTrouble {
    /** Before they are told. */
    void ended(ShutdownSignalException reason, List<Publication> underWay);

    /**
     * After they were told, and before anything is published on another channel.
     *
     * @param last when the last one of each lane was told, by {@link System#nanoTime}
     */
    void told(Map<TopicLane, Long> last);
  }

  private PublishChannel(Channel channel, PublishTrouble trouble) {
    this.channel = channel;
    this.trouble = trouble;
  }

  static PublishChannel open(Connection connection, PublishTrouble trouble) throws IOException {
    Channel channel = Channels.open(connection);
    PublishChannel opened = new PublishChannel(channel, trouble);
    channel.addReturnListener(opened::returned);
    channel.addConfirmListener(opened::acked, opened::nacked);
    // The client's confirmSelect would also count and keep each number, for waits not used here.
    channel.rpc(new AMQP.Confirm.Select.Builder().build());
    channel.addShutdownListener(opened::ended);
    return opened;
  }

  boolean isOpen() {
    return !ending.get() && channel.isOpen();
  }

  /** Whether all that failed on an ended channel was told so, within this time. */
  boolean awaitTold(Duration patience) {
    try {
      boolean all = told.await(patience.toNanos(), TimeUnit.NANOSECONDS);
      synchronized (tellingLate) { // waits for those that are just being told
        return all;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Writes a message; its answer comes later. May block for as long as the socket does.
   *
   * @return false if this channel is over
   */
  boolean publish(Publication publication) {
    if (!publication.begin()) { // its time was over: those behind it wait for its next try
      trouble.told(Map.of(TopicLane.of(publication), System.nanoTime()));
      return true;
    }
    if (!pending.add(publication)) {
      return notWritten(publication);
    }
    Outgoing message = publication.message();
    try {
      channel.basicPublish(
          message.topic(),
          RabbitNames.routingKey(message.lane()),
          true,
          RabbitMessages.properties(message),
          message.body());
      return true;
    } catch (AlreadyClosedException e) {
      // The client looks for this before it writes the first byte.
      return pending.withdraw(publication) && notWritten(publication);
    } catch (IllegalArgumentException e) {
      // So does it for names and headers that no frame can hold.
      if (pending.withdraw(publication)) {
        publication.fail(RabbitVerdicts.unwritable(message, e));
      }
      return true;
    } catch (IOException | RuntimeException e) {
      // The broker may have a part of it, so that no later answer would fit.
      giveUp(e);
      return false;
    }
  }

  private boolean notWritten(Publication publication) {
    publication.fail(RabbitVerdicts.behind(publication.message()));
    trouble.told(Map.of(TopicLane.of(publication), System.nanoTime()));
    return false;
  }

  /** Fails what got no answer in time, and what waits unwritten behind it. */
  void failLate(long now, Function<Outgoing, TransportException> why) {
    synchronized (tellingLate) {
      List<Publication> late = pending.removeLate(now);
      if (!late.isEmpty()) {
        trouble.told(failed(late, why));
      }
    }
  }

  /** Tells them; when the last of each lane was told. */
  private static Map<TopicLane, Long> failed(
      List<Publication> publications, Function<Outgoing, TransportException> why) {
    Map<TopicLane, Long> last = new HashMap<>();
    for (Publication each : publications) {
      each.fail(why.apply(each.message()));
      last.put(TopicLane.of(each), System.nanoTime());
    }
    return last;
  }

  /** Ends this incarnation; what is under way on it is UNKNOWN. */
  void giveUp(Throwable why) {
    ShutdownSignalException reason = new ShutdownSignalException(false, true, null, channel);
    var unused = reason.initCause(why);
    ended(reason);
    RabbitConnections.inBackground("bowline-rabbitmq-close", () -> Channels.abort(channel));
  }

  private void returned(Return back) {
    Address address =
        new Address(back.getExchange(), back.getRoutingKey(), back.getProperties().getMessageId());
    pending.returned(address, new Returned(back.getReplyCode(), back.getReplyText()));
  }

  private void acked(long number, boolean multiple) {
    for (Publication each : pending.answered(number, multiple)) {
      Outgoing message = each.message();
      reached(message.topic());
      Returned returned = each.returned();
      if (returned == null) {
        each.confirm();
      } else {
        each.fail(RabbitVerdicts.returned(message, returned.code(), returned.text()));
      }
    }
  }

  private void nacked(long number, boolean multiple) {
    for (Publication each : pending.answered(number, multiple)) {
      reached(each.message().topic());
      each.fail(RabbitVerdicts.nacked(each.message()));
    }
  }

  private void reached(String topic) {
    if (!topic.equals(lastReached)) {
      reached.add(topic);
      lastReached = topic;
    }
  }

  private void ended(ShutdownSignalException reason) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    try {
      List<Publication> cut = pending.close();
      trouble.ended(reason, cut);
      trouble.told(failed(cut, message -> verdict(message, reason, cut)));
    } finally {
      told.countDown();
    }
  }

  private TransportException verdict(
      Outgoing message, ShutdownSignalException reason, List<Publication> cut) {
    String topic = message.topic();
    boolean mayProve = RabbitVerdicts.names(reason, topic) && !reached.contains(topic);
    return mayProve && cut.stream().filter(each -> goesTo(topic, each)).count() == 1
        ? RabbitVerdicts.forbidden(message, reason)
        : RabbitVerdicts.cut(message, reason);
  }

  private static boolean goesTo(String topic, Publication publication) {
    return topic.equals(publication.message().topic());
  }
}
