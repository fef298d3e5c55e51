// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Finding;
import io.bowline.audit.TopicAudit;
import io.bowline.transport.Provisioning.Mode;
import java.time.Duration;
import java.util.List;

/**
 * What Bowline asks of a broker beside messages. Thread-safe; each call may wait for the broker.
 */
public interface BrokerAdmin {

  /**
   * Makes a topic, the groups that will read it and the topic of its dead letters durable by the
   * broker's own means, unless they exist. What exists is never changed or deleted: what is
   * otherwise than it would be made is told, with both sides.
   *
   * @throws TransportException REFUSED if the topic exists with another number of lanes or cannot
   *     be made; UNKNOWN if the broker did not answer
   */
  default Provisioning ensure(TopicSpec topic) {
    Provisioning made = provide(topic, Mode.MAKE);
    if (made.lanes() != topic.lanes()) {
      throw new TransportException(
          Verdict.REFUSED,
          "Topic %s was to have %d lanes, but it exists with %d: ask for %d, or use another topic."
                  .formatted(topic.topic(), topic.lanes(), made.lanes(), made.lanes())
              + " A topic keeps its lanes, as another number would move keys between them");
    }
    return withDeadLetters(topic, made, Mode.MAKE);
  }

  /**
   * What {@link #ensure} would make, and what is there, otherwise too. Changes nothing.
   *
   * @throws TransportException UNKNOWN if the broker did not answer; REFUSED if it does not tell
   */
  default Provisioning plan(TopicSpec topic) {
    return withDeadLetters(topic, provide(topic, Mode.LOOK), Mode.LOOK);
  }

  private Provisioning withDeadLetters(TopicSpec topic, Provisioning own, Mode mode) {
    return topic.ofDeadLetters().map(dead -> own.and(anyLanes(dead, mode))).orElse(own);
  }

  /** Others may have made it, with as many lanes as they liked. */
  private Provisioning anyLanes(TopicSpec topic, Mode mode) {
    Provisioning found = provide(topic, mode);
    return found.lanes() == topic.lanes() ? found : provide(topic.lanes(found.lanes()), mode);
  }

  /**
   * One topic by itself with its groups, without its dead letters: what {@link #ensure} and {@link
   * #plan} consist of. For writers of transports. If the topic exists with another number of lanes,
   * that is all that is told, and nothing is made.
   *
   * @throws TransportException REFUSED if it cannot be made, or not be told of; UNKNOWN if the
   *     broker did not answer
   */
  Provisioning provide(TopicSpec topic, Mode mode);

  /**
   * The topics of the broker, by name, without the broker's own. Where a broker has other things
   * beside topics, as RabbitMQ and RocketMQ, these are the topics that Bowline made.
   *
   * @throws TransportException REFUSED if this way to the broker does not tell; UNKNOWN if the
   *     broker did not answer
   */
  default List<String> topics() {
    throw new TransportException(
        Verdict.REFUSED, "This transport does not tell which topics there are: name them");
  }

  /**
   * What a topic holds for a group that has not acknowledged it. Asking changes nothing and makes
   * nothing. A group that has acknowledged nothing has all that is kept, since a new one starts
   * with the oldest message; so on a broker that keeps no list of groups, as Kafka, a group that
   * nobody made has all of it too. A number is counted or left out, never guessed: its {@linkplain
   * Backlog#quality quality} says what it is worth on this broker, and the page of each transport
   * says why. No answer of the broker is waited for longer than the connect timeout.
   *
   * @throws TransportException REFUSED if there is no such topic, or no such group where groups are
   *     made, or this way to the broker does not tell; UNKNOWN if the broker did not answer
   */
  default Backlog backlog(String topic, String group) {
    throw new TransportException(
        Verdict.REFUSED,
        "What is left of topic %s for group %s cannot be asked: this transport does not tell it. Ask"
                .formatted(topic, group)
            + " the broker by its own tools");
  }

  /**
   * Whether a message waits for a group that was stored longer ago than this. Changes nothing.
   *
   * @return unknown where the broker does not tell how old messages are
   * @throws TransportException as {@link #backlog}
   */
  default Fact<Boolean> unreadFor(String topic, String group, Duration time) {
    Backlog left = backlog(topic, group);
    if (left.messages() == 0) {
      return Fact.of(false);
    }
    return left.age()
        .map(age -> Fact.of(age.compareTo(time) > 0))
        .orElseGet(
            () ->
                Fact.unknown(
                    "the broker does not tell how old its messages are",
                    "look at the metric bowline.consumer.held.age of its members"));
  }

  /**
   * What the broker's own settings, and its state now, promise for what a topic stores. Asking
   * changes nothing. What cannot be read, for want of a right or of a way to ask, is a finding too.
   *
   * @throws TransportException REFUSED if there is no such topic; UNKNOWN if the broker did not
   *     answer
   */
  default TopicAudit audit(String topic) {
    Finding.Check check = Finding.Check.critical("settings", "topic " + topic);
    Finding unread =
        check.unverifiable(
            "this transport reads no settings", "look at them by the broker's own tools");
    return new TopicAudit(topic, Durability.UNVERIFIED, List.of(unread));
  }
}
