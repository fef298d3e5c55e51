// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

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
}
