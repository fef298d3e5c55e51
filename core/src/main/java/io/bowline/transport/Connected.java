// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.machine.Machine;
import io.bowline.telemetry.Telemetry;
import java.util.function.Consumer;

/**
 * An open transport as producers and consumers are built on it.
 *
 * @param transport the transport; whoever opened it closes it
 * @param config what it was opened with
 * @param opened hears of each producer and consumer that is opened, so as to close it before the
 *     transport
 * @param state what the transport last told of its connections
 * @param telemetry where figures and observations go
 * @param machine where time, chance and threads come from
 * @param retentions for how long topics keep messages, as far as it was read
 */
public record Connected(
    Transport transport,
    TransportConfig config,
    Consumer<AutoCloseable> opened,
    BrokerState state,
    Telemetry telemetry,
    Machine machine,
    Retentions retentions) {

  /**
   * Without telemetry, and with the state that the config's events are told to; an open one if they
   * are none.
   */
  public Connected(Transport transport, TransportConfig config, Consumer<AutoCloseable> opened) {
    this(
        transport,
        config,
        opened,
        config.events() instanceof BrokerState state ? state : new BrokerState(),
        Telemetry.NONE,
        Machine.REAL,
        new Retentions());
  }

  /** The same with figures and observations going there. */
  public Connected telemetry(Telemetry telemetry) {
    return new Connected(transport, config, opened, state, telemetry, machine, retentions);
  }

  /** The same on this machine. */
  public Connected machine(Machine machine) {
    return new Connected(transport, config, opened, state, telemetry, machine, retentions);
  }

  /** The kind of broker, as metrics and traces name it: {@code kafka}. */
  public String system() {
    return Transports.system(config.address());
  }
}
