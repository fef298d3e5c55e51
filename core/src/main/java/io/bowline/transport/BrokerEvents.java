// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

/**
 * Hears what a transport sees of its connections, beside the outcomes of its sends: it becomes
 * metrics, and holds producers back while the broker takes nothing. Called from any thread, also
 * from a client's I/O thread: implementations are thread-safe and return at once.
 *
 * <p>Connections and causes have names that say which they are and hold no secret, the same at each
 * call, few in number: {@code publishing}, {@code consuming}; {@code memory alarm}.
 */
public interface BrokerEvents {
  /** Nobody listens. */
  BrokerEvents NONE =
      new BrokerEvents() {
        @Override
        public void lost(String connection, String why) {}

        @Override
        public void restored(String connection) {}

        @Override
        public void blocked(String cause, String why) {}

        @Override
        public void unblocked(String cause) {}
      };

  /** A connection that was there is gone; not told when the transport itself closes it. */
  void lost(String connection, String why);

  /** A connection that was lost is there again. */
  void restored(String connection);

  /**
   * The broker, or its client, takes no more messages for now: a RabbitMQ alarm, a full buffer, too
   * many requests. Telling a cause again changes its reason only.
   *
   * @param why what a person should know, in a clause: {@code node rabbit@a is low on memory}
   */
  void blocked(String cause, String why);

  /** This cause is over; nothing if it was not told. */
  void unblocked(String cause);
}
