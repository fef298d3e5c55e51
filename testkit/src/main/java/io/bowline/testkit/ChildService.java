// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.time.Duration;

/** The parent's side of a {@link ServiceProcess}. */
final class ChildService {
  private final ServiceOrders orders;
  private final ChildJvm jvm;

  private ChildService(ServiceOrders orders, ChildJvm jvm) {
    this.orders = orders;
    this.jvm = jvm;
  }

  /** Starts one, and returns once its consumers are members of their groups. */
  static ChildService start(ServiceOrders orders) {
    return new ChildService(orders, ChildJvm.start(ServiceProcess.class, orders, line -> false));
  }

  /** How its effects are signed. */
  String name() {
    return orders.name();
  }

  /** Ends it as a crash would. After the end it does nothing. */
  void kill() {
    jvm.kill();
  }

  /** Stops it where it is (SIGSTOP): its connections stay open, and it does nothing. */
  void freeze() {
    jvm.signal("STOP");
  }

  /** Lets it go on (SIGCONT), as if no time had passed. */
  void thaw() {
    jvm.signal("CONT");
  }

  /**
   * Lets it close its consumers in order and end.
   *
   * @throws AssertionError if it has not ended in order within this time
   */
  void leave(Duration within) {
    jvm.tell(ServiceProcess.LEAVE);
    if (!jvm.endsWithin(within.toMillis()) || jvm.status() != 0) {
      throw new AssertionError("It did not end in order within " + within + ": " + this);
    }
    jvm.kill();
  }

  @Override
  public String toString() {
    return orders + " in process " + jvm.pid() + ", which last said:\n" + jvm.said();
  }
}
