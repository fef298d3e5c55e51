// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * How to reach a broker. Immutable.
 *
 * @param address where, with credentials
 * @param properties the client's own settings by their native names, from the address's query and
 *     from the builder; they may hold secrets and are never printed
 * @param connectTimeout the longest wait for a first answer of the broker
 * @param confirmTimeout the longest a send waits for its answer before it is UNKNOWN
 * @param events hears what becomes of the connections
 */
public record TransportConfig(
    BrokerAddress address,
    Map<String, String> properties,
    Duration connectTimeout,
    Duration confirmTimeout,
    BrokerEvents events) {
  /** The default connect timeout: 10 s. */
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** The default confirm timeout: 30 s. */
  public static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if a timeout is not positive
   */
  public TransportConfig {
    properties = Map.copyOf(properties);
    positive("connect timeout", connectTimeout);
    positive("confirm timeout", confirmTimeout);
  }

  /** The defaults for an address, with the properties of its query. */
  public static TransportConfig of(BrokerAddress address) {
    return new TransportConfig(
        address, address.query(), CONNECT_TIMEOUT, CONFIRM_TIMEOUT, BrokerEvents.NONE);
  }

  /** The same with this connect timeout. */
  public TransportConfig connectTimeout(Duration timeout) {
    return new TransportConfig(address, properties, timeout, confirmTimeout, events);
  }

  /** The same with this confirm timeout. */
  public TransportConfig confirmTimeout(Duration timeout) {
    return new TransportConfig(address, properties, connectTimeout, timeout, events);
  }

  /** The same with these properties added. */
  public TransportConfig properties(Map<String, String> added) {
    Map<String, String> all = new HashMap<>(properties);
    all.putAll(added);
    return new TransportConfig(address, all, connectTimeout, confirmTimeout, events);
  }

  /** The same with this listener. */
  public TransportConfig events(BrokerEvents events) {
    return new TransportConfig(address, properties, connectTimeout, confirmTimeout, events);
  }

  /** Names the properties, never their values, and no password. */
  @Override
  public String toString() {
    return "TransportConfig["
        + address
        + ", properties="
        + new TreeSet<>(properties.keySet())
        + ", connectTimeout="
        + connectTimeout
        + ", confirmTimeout="
        + confirmTimeout
        + "]";
  }

  private static void positive(String what, Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("A " + what + " must be positive, but was " + timeout);
    }
  }
}
