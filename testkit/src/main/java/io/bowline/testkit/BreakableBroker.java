// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

/** A broker that a behaviour breaks, and that knows how to be healed. */
final class BreakableBroker {
  private final BrokerFixture fixture;
  private Runnable healing = () -> {};

  BreakableBroker(BrokerFixture fixture) {
    this.fixture = fixture;
  }

  void kill() {
    healing = fixture::start;
    fixture.kill();
  }

  void pause() {
    healing = fixture::resume;
    fixture.pause();
  }

  /** Starts or resumes it, whichever it needs. */
  void heal() {
    healing.run();
    healing = () -> {};
  }
}
