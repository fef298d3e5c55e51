// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One server for all who ask in this JVM, found or started when the first does. Thread-safe. */
final class SharedServer {

  private final String name;
  private final String beginning;
  private final Supplier<Optional<BrokerServer>> container;
  private final Supplier<BrokerServer> local;
  private @Nullable BrokerServer server;

  /** One whose addresses begin with its name. */
  SharedServer(
      String name, Supplier<Optional<BrokerServer>> container, Supplier<BrokerServer> local) {
    this(name, name + "://", container, local);
  }

  /**
   * Not started yet.
   *
   * @param beginning of its addresses
   */
  SharedServer(
      String name,
      String beginning,
      Supplier<Optional<BrokerServer>> container,
      Supplier<BrokerServer> local) {
    this.name = name;
    this.beginning = beginning;
    this.container = container;
    this.local = local;
  }

  synchronized BrokerServer get() {
    if (server == null) {
      server = given().or(container).orElseGet(local);
      System.out.printf("[bowline] %s: %s, at %s%n", name, server.origin(), server.address());
    }
    return server;
  }

  private Optional<BrokerServer> given() {
    String property = "bowline." + name + ".address";
    String variable = property.replace('.', '_').toUpperCase(Locale.ROOT);
    return Optional.ofNullable(System.getProperty(property))
        .or(() -> Optional.ofNullable(System.getenv(variable)))
        .filter(address -> !address.isBlank())
        .map(address -> checked(address, property));
  }

  private BrokerServer checked(String address, String property) {
    if (!address.startsWith(beginning)) {
      throw new IllegalArgumentException(
          "%s (or its environment variable) is '%s', but must start with %s"
              .formatted(property, address, beginning));
    }
    return new GivenServer(address);
  }
}
