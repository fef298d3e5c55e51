// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One broker for all who ask in this JVM, found or started when the first does. Thread-safe. */
final class SharedServer {

  private final String scheme;
  private final Supplier<Optional<BrokerServer>> container;
  private final Supplier<BrokerServer> local;
  private @Nullable BrokerServer server;

  SharedServer(
      String scheme, Supplier<Optional<BrokerServer>> container, Supplier<BrokerServer> local) {
    this.scheme = scheme;
    this.container = container;
    this.local = local;
  }

  synchronized BrokerServer get() {
    if (server == null) {
      server = given().or(container).orElseGet(local);
      System.out.printf("[bowline] %s: %s, at %s%n", scheme, server.origin(), server.address());
    }
    return server;
  }

  private Optional<BrokerServer> given() {
    String property = "bowline." + scheme + ".address";
    String variable = property.replace('.', '_').toUpperCase(Locale.ROOT);
    return Optional.ofNullable(System.getProperty(property))
        .or(() -> Optional.ofNullable(System.getenv(variable)))
        .filter(address -> !address.isBlank())
        .map(address -> checked(address, property));
  }

  private BrokerServer checked(String address, String property) {
    if (!address.startsWith(scheme + "://")) {
      throw new IllegalArgumentException(
          "%s (or its environment variable) is '%s', but must start with %s://"
              .formatted(property, address, scheme));
    }
    return new GivenServer(address);
  }
}
