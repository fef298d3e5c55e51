// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportProvider;

/**
 * Opens {@code amqps://user:password@host:5671/vhost} addresses: RabbitMQ by TLS, with the settings
 * of {@link RabbitTransportProvider} and its own for TLS. Stateless and thread-safe.
 */
public final class AmqpsTransportProvider implements TransportProvider {

  /** For {@link java.util.ServiceLoader}. */
  public AmqpsTransportProvider() {}

  @Override
  public String scheme() {
    return RabbitSettings.TLS_SCHEME;
  }

  @Override
  public Transport open(TransportConfig config) {
    return RabbitTransport.open(RabbitSettings.of(config));
  }
}
