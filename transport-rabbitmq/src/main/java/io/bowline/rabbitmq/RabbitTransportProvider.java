// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportProvider;

/**
 * Opens {@code rabbitmq://user:password@host:5672/vhost} addresses; the settings they may carry are
 * in {@code docs/transport-rabbitmq.md}. Stateless and thread-safe.
 */
public final class RabbitTransportProvider implements TransportProvider {

  /** For {@link java.util.ServiceLoader}. */
  public RabbitTransportProvider() {}

  @Override
  public String scheme() {
    return "rabbitmq";
  }

  @Override
  public Transport open(TransportConfig config) {
    return RabbitTransport.open(RabbitSettings.of(config));
  }
}
