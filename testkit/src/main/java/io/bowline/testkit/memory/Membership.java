// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

/** One stay of a subscription in a group, from joining to leaving or being dropped. */
final class Membership {
  final Group group;
  final MemoryTransport transport;
  private final long leaseNanos;
  private long leaseUntil;
  boolean gone;

  Membership(Group group, MemoryTransport transport, long leaseNanos) {
    this.group = group;
    this.transport = transport;
    this.leaseNanos = leaseNanos;
    renew();
  }

  void renew() {
    leaseUntil = System.nanoTime() + leaseNanos;
  }

  boolean expired() {
    return leaseUntil - System.nanoTime() < 0;
  }
}
