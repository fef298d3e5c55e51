// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.faults.FaultProxy;
import java.util.Optional;

/**
 * A running broker that tests may talk to and, where {@link #breakable()}, break; or a database,
 * which is asked for, broken and closed in the same way.
 *
 * <p>Not thread-safe: one test at a time breaks a broker.
 */
public interface BrokerServer extends AutoCloseable {

  /**
   * Where clients connect, in Bowline's form: {@code kafka://127.0.0.1:9092}; for databases in that
   * of JDBC.
   */
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

  /**
   * The way to this broker through a proxy that can cut, freeze and drop: all that a client does
   * which connects to this address goes through the proxy, also what it does at addresses that the
   * broker tells it. The same at each call, and after a restart of the broker; whoever broke it
   * calls {@link FaultProxy#forward} at the end. It closes with the server. Empty where there is
   * none.
   */
  default Optional<Proxied> proxied() {
    return Optional.empty();
  }

  /**
   * A broker behind a proxy.
   *
   * @param address as {@link #address()}, leading through the proxy
   * @param proxy the proxy, which forwards
   */
  record Proxied(String address, FaultProxy proxy) {}

  /** Ends the broker and removes its data. A broker given by address is left alone. */
  @Override
  void close();
}
