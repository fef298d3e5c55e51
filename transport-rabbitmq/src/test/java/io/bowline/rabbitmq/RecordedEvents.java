// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.BrokerEvents;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a transport told of its connections, in order. */
final class RecordedEvents implements BrokerEvents {
  private final List<String> told = new CopyOnWriteArrayList<>();

  @Override
  public void lost(String connection, String why) {
    told.add("lost " + connection);
  }

  @Override
  public void restored(String connection) {
    told.add("restored " + connection);
  }

  @Override
  public void blocked(String cause, String why) {
    told.add("blocked " + cause);
  }

  @Override
  public void unblocked(String cause) {
    told.add("unblocked " + cause);
  }

  boolean told(String what) {
    return told.contains(what);
  }

  List<String> all() {
    return List.copyOf(told);
  }
}
