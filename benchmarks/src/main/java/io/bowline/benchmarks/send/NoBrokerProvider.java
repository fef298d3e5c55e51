// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportProvider;

/** Opens {@code none://threaded} and {@code none://at-once}. */
public final class NoBrokerProvider implements TransportProvider {

  /** Made by the service loader. */
  public NoBrokerProvider() {}

  @Override
  public String scheme() {
    return "none";
  }

  @Override
  public Transport open(TransportConfig config) {
    boolean atOnce = config.address().hosts(1).get(0).startsWith("at-once");
    return atOnce ? NoBroker.atOnce() : NoBroker.threaded();
  }
}
