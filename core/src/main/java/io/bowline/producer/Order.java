// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

/** How the messages of one key keep their order. Messages without key have none. */
public enum Order {
  /**
   * One message of a key is under way at a time; the next one is sent once its outcome is known. So
   * no retry can overtake, whatever fails. Keys do not wait for each other.
   */
  STRICT,

  /**
   * Several messages of a key are under way at once, which suits few keys with many messages. After
   * a failure the key waits until all of them are answered, and what is unresolved is sent again,
   * in order, before anything new.
   *
   * <p>The order holds through lost connections and changes of leaders where the transport says so
   * (Kafka, RabbitMQ); with other transports this is {@link #STRICT}. It does not hold where a
   * broker refuses or loses one message in the midst and stores the later ones: a full queue, a
   * deadline that passed. Then the message is stored behind later ones, which a WARN and the metric
   * {@code bowline.producer.reordered} tell.
   */
  PIPELINED
}
