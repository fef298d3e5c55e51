// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.faults.FaultProxy;
import java.util.Optional;

/** One fault of a broker, or of the network before it: it strikes, lasts, and is healed. */
public interface BrokerFault {

  /** Begins. */
  void strike();

  /** Ends it, and returns once the broker can be reached again. */
  void heal();

  /** A fault of these two steps. */
  static BrokerFault of(Runnable strike, Runnable heal) {
    return new BrokerFault() {
      @Override
      public void strike() {
        strike.run();
      }

      @Override
      public void heal() {
        heal.run();
      }
    };
  }

  /** What a fixture's broker and its proxy can do. */
  static Optional<BrokerFault> of(FaultKind kind, BrokerFixture fixture) {
    return switch (kind) {
      case KILLED -> ifBreakable(fixture, of(fixture::kill, fixture::start));
      case PAUSED -> ifBreakable(fixture, of(fixture::pause, fixture::resume));
      default -> fixture.proxied().map(way -> of(kind, way.proxy()));
    };
  }

  private static Optional<BrokerFault> ifBreakable(BrokerFixture fixture, BrokerFault fault) {
    return fixture.breakable() ? Optional.of(fault) : Optional.empty();
  }

  private static BrokerFault of(FaultKind kind, FaultProxy proxy) {
    return switch (kind) {
      case CUT -> of(proxy::cutAll, () -> {});
      case CUT_BEFORE_ANSWER -> of(proxy::dropAnswers, proxy::cutAfterRequests);
      case HALF_OPEN -> of(proxy::freezePresent, proxy::cutFrozen);
      case SILENT -> of(proxy::freeze, proxy::thaw);
      case UNREACHABLE ->
          of(
              () -> {
                proxy.refuseConnections();
                proxy.cutAll();
              },
              proxy::acceptConnections);
      default -> throw new IllegalArgumentException(kind + " is no fault of a proxy");
    };
  }
}
