// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The parent's side of a {@link MemberProcess}. */
final class ChildMember implements OtherMember {
  private final ChildJvm jvm;
  private final List<String> received;
  private final List<String> settled;

  private ChildMember(ChildJvm jvm, List<String> received, List<String> settled) {
    this.jvm = jvm;
    this.received = received;
    this.settled = settled;
  }

  /** Starts one, and returns once it has subscribed. */
  static ChildMember start(MemberOrders orders) {
    List<String> received = new CopyOnWriteArrayList<>();
    List<String> settled = new CopyOnWriteArrayList<>();
    ChildJvm jvm =
        ChildJvm.start(
            MemberProcess.class,
            orders,
            line ->
                begins(line, MemberProcess.GOT, received)
                    || begins(line, MemberProcess.SETTLED, settled));
    return new ChildMember(jvm, received, settled);
  }

  private static boolean begins(String line, String start, List<String> rest) {
    return line.startsWith(start) && rest.add(line.substring(start.length()));
  }

  @Override
  public List<String> received() {
    return List.copyOf(received);
  }

  @Override
  public List<String> settled() {
    return List.copyOf(settled);
  }

  @Override
  public void kill() {
    jvm.kill();
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return "a member in process " + jvm.pid() + ", which last said:\n" + jvm.said();
  }
}
