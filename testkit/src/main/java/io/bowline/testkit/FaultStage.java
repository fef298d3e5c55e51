// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TransportConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;

/** The stage of kits whose broker and network fail: faults that are healed, and a seed. */
abstract class FaultStage extends Conformance {
  private final List<Runnable> endings = new ArrayList<>();
  private final long seed = Long.getLong("bowline.seed", System.nanoTime());

  @AfterEach
  final void heal() {
    endings.forEach(Runnable::run);
    endings.clear();
    fixture().proxied().ifPresent(way -> way.proxy().forward());
  }

  final long seed() {
    return seed;
  }

  /** Says how to draw the same again. */
  final void tellSeed() {
    System.out.printf("[bowline] %s: -Dbowline.seed=%d%n", getClass().getSimpleName(), seed);
  }

  /** Whether the counts are the full ones: {@code -Dbowline.long=true}. */
  static boolean isLong() {
    return Boolean.getBoolean("bowline.long");
  }

  /** What a loaded machine may take longer: 10 s of the usual 60 s. */
  final Duration slack() {
    return fixture().patience().dividedBy(6);
  }

  /** How long a fault lasts that every send is to outlast: 2 s of the usual 60 s. */
  final Duration aWhile() {
    return fixture().patience().dividedBy(30);
  }

  /** A fault that is healed in any case. */
  final BrokerFault fault(FaultKind kind) {
    BrokerFault fault = fixture().fault(kind).orElse(null);
    Assumptions.assumeTrue(fault != null, () -> kind + " cannot be had of this broker");
    return healedAtLast(Objects.requireNonNull(fault));
  }

  private BrokerFault healedAtLast(BrokerFault fault) {
    Runnable ending = fault::heal;
    return BrokerFault.of(
        () -> {
          endings.add(ending);
          fault.strike();
        },
        () -> {
          endings.remove(ending);
          fault.heal();
        });
  }

  final void last(Duration time) {
    boolean unused = scene().holdsWithin(time, () -> false);
  }

  /** Through the proxy where there is one. */
  final TransportConfig throughProxy() {
    TransportConfig direct = fixture().config();
    return fixture()
        .proxied()
        .map(
            way ->
                new TransportConfig(
                    BrokerAddress.parse(way.address()),
                    direct.properties(),
                    direct.connectTimeout(),
                    direct.confirmTimeout(),
                    direct.events()))
        .orElse(direct);
  }
}
