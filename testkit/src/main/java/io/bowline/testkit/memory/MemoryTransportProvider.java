// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportProvider;

/** Opens {@code memory://name}: the {@link InMemoryBroker} of that name in this JVM. */
public final class MemoryTransportProvider implements TransportProvider {

  /** For the service loader. */
  public MemoryTransportProvider() {}

  @Override
  public String scheme() {
    return "memory";
  }

  @Override
  public Transport open(TransportConfig config) {
    String host = config.address().hosts(0).get(0);
    String name = host.substring(0, host.lastIndexOf(':'));
    return MemoryTransport.open(InMemoryBroker.named(name), config);
  }
}
