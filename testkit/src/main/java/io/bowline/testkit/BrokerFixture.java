// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.servers.BrokerServer;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.Transports;
import java.time.Duration;
import java.util.Optional;

/**
 * The broker under a {@link TransportConformance}: how to reach it, and how to break it. One
 * fixture serves all behaviours of a class, one after another.
 */
public interface BrokerFixture {

  /**
   * The fixture of a running server. {@link ServerFixture} is the same with methods to override:
   * client properties, patience, lease.
   */
  static BrokerFixture of(BrokerServer server) {
    return new ServerFixture(server);
  }

  /** How to reach the broker. The kit changes only the timeouts. */
  TransportConfig config();

  /** A config that differs from {@link #config} in its address, at which no broker answers. */
  TransportConfig nowhere();

  /** Reaches the broker; the kit closes what this opens. */
  default Transport connect(TransportConfig config) {
    return Transports.open(config);
  }

  /**
   * Starts a member elsewhere that accepts the first so many deliveries and holds the rest, and
   * returns once it has subscribed.
   */
  OtherMember startMember(SubscriptionSpec spec, int accepts);

  /**
   * The address by which another process reaches the broker, with its credentials; the kit takes
   * everything else from {@link #config}. Empty where only this JVM can, as it is by default:
   * behaviours of services that are killed, stopped and restarted are skipped there.
   */
  default Optional<String> address() {
    return Optional.empty();
  }

  /** Whether {@link #kill}, {@link #start}, {@link #pause} and {@link #resume} work. */
  boolean breakable();

  /** Ends the broker as a power cut would. */
  void kill();

  /** Starts the killed broker again on its data and address, and returns once it serves clients. */
  void start();

  /** Freezes the broker: connections stay open, nothing answers. */
  void pause();

  /** Thaws the paused broker. */
  void resume();

  /**
   * The way to the broker through a proxy, for behaviours that cut and freeze connections; they are
   * skipped where it is empty, as it is by default. The kit takes the address of it and everything
   * else from {@link #config}.
   */
  default Optional<BrokerServer.Proxied> proxied() {
    return Optional.empty();
  }

  /**
   * A fault of this kind, or empty where it cannot be had: behaviours that need it are skipped. By
   * default what {@link #breakable} and {@link #proxied} allow; give others where you have them.
   */
  default Optional<BrokerFault> fault(FaultKind kind) {
    return BrokerFault.of(kind, this);
  }

  /**
   * Takes away what this group has not been handed yet of a topic, in all lanes, behind its back:
   * no member of it is there.
   *
   * @return false if that cannot be done, as by default: behaviours that need it are skipped
   */
  default boolean lose(String topic, String group) {
    return false;
  }

  /**
   * How long the kit waits for what must happen, before it says that it does not: 60 s. Longer than
   * the broker takes to notice that a member crashed.
   */
  default Duration patience() {
    return Duration.ofSeconds(60);
  }

  /**
   * How long a delivery stays with its member if nobody renews anything: 10 s. The kit holds a
   * message half as long again, polling all the while, and expects to keep it. Give the transport's
   * own time with {@link #config}, whatever it is called: a session timeout, an invisible time.
   */
  default Duration lease() {
    return Duration.ofSeconds(10);
  }

  /** A body larger than the broker takes, in bytes: 64 MiB. */
  default int tooLarge() {
    return 64 * 1024 * 1024;
  }
}
