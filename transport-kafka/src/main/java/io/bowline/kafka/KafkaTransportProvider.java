// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportProvider;

/**
 * Opens {@code kafka://host:9092[,host:9092…][?native.property=value…]}. Thread-safe; found by
 * {@link java.util.ServiceLoader}, so nobody needs to name it.
 */
public final class KafkaTransportProvider implements TransportProvider {

  /** The scheme {@code kafka}. */
  @Override
  public String scheme() {
    return "kafka";
  }

  @Override
  public Transport open(TransportConfig config) {
    return KafkaTransport.open(config);
  }
}
