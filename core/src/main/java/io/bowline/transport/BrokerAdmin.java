// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.audit.Durability;
import io.bowline.audit.Finding;
import io.bowline.audit.TopicAudit;
import java.util.List;

/**
 * What Bowline asks of a broker beside messages. Thread-safe; each call may wait for the broker.
 */
public interface BrokerAdmin {

  /**
   * Makes a topic, and the groups that will read it, durable by the broker's own means, unless they
   * exist. What exists is never changed.
   *
   * @throws TransportException REFUSED if the topic exists with another number of lanes or cannot
   *     be made; UNKNOWN if the broker did not answer
   */
  void ensure(TopicSpec topic);

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
