// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

/**
 * A running broker that tests may talk to and, where {@link #breakable()}, break.
 *
 * <p>Not thread-safe: one test at a time breaks a broker.
 */
public interface BrokerServer extends AutoCloseable {

  /** Where clients connect, in Bowline's form: {@code kafka://127.0.0.1:9092}. */
  String address();

  /** Which way this broker was had, for people: "local process, Kafka 4.4.0". */
  String origin();

  /** Whether {@link #kill}, {@link #start}, {@link #pause} and {@link #resume} work here. */
  boolean breakable();

  /** Ends the broker as a power cut would (SIGKILL), and returns once it is gone. */
  void kill();

  /**
   * Starts a killed broker again on the same data and ports, and returns once it serves clients.
   */
  void start();

  /** Freezes the broker (SIGSTOP): connections stay open, nothing answers. */
  void pause();

  /** Thaws a paused broker (SIGCONT). */
  void resume();

  /** Ends the broker and removes its data. A broker given by address is left alone. */
  @Override
  void close();
}
