// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Connection;
import io.bowline.rabbitmq.ConsumeChannel.ConsumeTarget;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lanes that come and go together: those of one channel, since closing it is the only way to give a
 * queue's messages back in their order. Confined to the polling thread.
 */
final class LaneShare {
  private final ConsumeTarget target;
  private final List<Integer> lanes;
  private final Doorbell doorbell;
  private final Set<Integer> assigned = new TreeSet<>();
  private @Nullable ConsumeChannel channel;

  LaneShare(ConsumeTarget target, List<Integer> lanes, Doorbell doorbell) {
    this.target = target;
    this.lanes = lanes;
    this.doorbell = doorbell;
  }

  /** The channel, if it is in use. */
  @Nullable ConsumeChannel channel() {
    ConsumeChannel current = channel;
    return current == null || current.ended() != null ? null : current;
  }

  void open(Connection connection) throws IOException {
    channel = ConsumeChannel.open(connection, target, lanes, doorbell);
  }

  /** Why the channel ended, or null if it did not, or was dropped already. */
  @Nullable String ended() {
    return channel == null ? null : channel.ended();
  }

  /** Lets an ended channel go; returns the lanes that were ours. */
  Set<Integer> drop(String why) {
    ConsumeChannel last = channel;
    if (last != null) {
      last.giveUp(why);
    }
    return forget();
  }

  /** Gives all lanes back in order; false if the broker did not answer. */
  boolean leave() {
    ConsumeChannel current = channel();
    forget();
    return current == null || current.leave();
  }

  private Set<Integer> forget() {
    Set<Integer> before = new TreeSet<>(assigned);
    assigned.clear();
    channel = null;
    return before;
  }

  /** Notes that a lane delivers, so it is ours; whether that is news. */
  boolean assign(int lane) {
    return assigned.add(lane);
  }

  /** The lanes known to be ours. */
  Set<Integer> assigned() {
    return assigned;
  }

  /** Whether it delivers, or probably would. */
  boolean isHeld() {
    ConsumeChannel current = channel();
    return current != null && (!assigned.isEmpty() || current.cameFirst());
  }
}
