// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds the transport that an address names. */
public final class Transports {
  private static final Map<String, String> KNOWN =
      Map.of(
          "amqps", "io.bowline:bowline-transport-rabbitmq",
          "kafka", "io.bowline:bowline-transport-kafka",
          "rabbitmq", "io.bowline:bowline-transport-rabbitmq",
          "rocketmq", "io.bowline:bowline-transport-rocketmq");

  private Transports() {}

  /**
   * Reaches the broker at the config's address.
   *
   * @throws IllegalArgumentException if no transport on the class path has the address's scheme,
   *     naming the artifact to add
   * @throws TransportException as {@link TransportProvider#open} does
   */
  public static Transport open(TransportConfig config) {
    Map<String, TransportProvider> found = new TreeMap<>();
    for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
      found.putIfAbsent(provider.scheme(), provider);
    }
    TransportProvider provider = found.get(config.address().scheme());
    if (provider == null) {
      throw new IllegalArgumentException(missing(config.address().scheme(), found));
    }
    return provider.open(config);
  }

  /** The kind of broker at an address, as metrics and traces name it: mostly its scheme. */
  public static String system(BrokerAddress address) {
    return address.scheme().startsWith("amqp") ? "rabbitmq" : address.scheme();
  }

  private static String missing(String scheme, Map<String, TransportProvider> found) {
    String artifact = KNOWN.get(scheme);
    String advice =
        artifact == null
            ? "known schemes are " + new TreeMap<>(KNOWN).keySet() + ", each in its own artifact"
            : "add " + artifact + " to the class path";
    return "No transport for "
        + scheme
        + ":// addresses is on the class path: "
        + advice
        + " (found there: "
        + found.keySet()
        + ")";
  }
}
