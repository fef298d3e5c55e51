// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportProvider;

/** Opens {@code rocketmq://} addresses. The options are in {@code docs/transport-rocketmq.md}. */
public final class RocketTransportProvider implements TransportProvider {

  @Override
  public String scheme() {
    return "rocketmq";
  }

  @Override
  public Transport open(TransportConfig config) {
    return RocketTransport.open(RocketSettings.of(config));
  }
}
