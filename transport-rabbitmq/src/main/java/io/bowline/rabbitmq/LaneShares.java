// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Connection;
import io.bowline.rabbitmq.ConsumeChannel.ConsumeTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** All lanes of a subscription, dealt out to channels. Confined to the polling thread. */
final class LaneShares {
  /** A connection has some 2,000 channels for all its subscriptions. */
  private static final int MOST = 64;

  private final List<LaneShare> shares = new ArrayList<>();
  private int turn;

  LaneShares(ConsumeTarget target, Doorbell doorbell) {
    int count = Math.min(MOST, target.lanes());
    for (int share = 0; share < count; share++) {
      List<Integer> lanes =
          IntStream.iterate(share, lane -> lane < target.lanes(), lane -> lane + count)
              .boxed()
              .toList();
      shares.add(new LaneShare(target, lanes, doorbell));
    }
  }

  List<LaneShare> all() {
    return shares;
  }

  LaneShare of(int lane) {
    return shares.get(lane % shares.size());
  }

  boolean areOpen() {
    return shares.stream().allMatch(share -> share.channel() != null);
  }

  /** Opens those that are not. */
  void open(Connection connection) throws IOException {
    for (LaneShare share : shares) {
      if (share.channel() == null) {
        share.open(connection);
      }
    }
  }

  void flush() {
    for (LaneShare share : shares) {
      ConsumeChannel channel = share.channel();
      if (channel != null) {
        channel.flush();
      }
    }
  }

  /** Takes up to this many that arrived, beginning with another share each time. */
  List<RabbitDelivery> take(int max) {
    List<RabbitDelivery> taken = new ArrayList<>();
    turn = (turn + 1) % shares.size();
    for (int i = 0; i < shares.size() && taken.size() < max; i++) {
      ConsumeChannel channel = shares.get((turn + i) % shares.size()).channel();
      if (channel != null) {
        taken.addAll(channel.take(max - taken.size()));
      }
    }
    return taken;
  }

  /** Those whose channel ended, each with the reason. */
  Map<LaneShare, String> ended() {
    Map<LaneShare, String> ended = new LinkedHashMap<>();
    for (LaneShare share : shares) {
      String why = share.ended();
      if (why != null) {
        ended.put(share, why);
      }
    }
    return ended;
  }

  /** Those that a group of so many members should not leave to this one; by lot. */
  List<LaneShare> tooMany(int members) {
    if (members < 2) {
      return List.of();
    }
    int fair = (shares.size() + members - 1) / members;
    List<LaneShare> held = new ArrayList<>(shares.stream().filter(LaneShare::isHeld).toList());
    // So that members do not pass the same ones round.
    Collections.shuffle(held);
    return held.subList(Math.min(fair, held.size()), held.size());
  }

  /** Gives these back in order; once the broker does not answer, the rest is not waited for. */
  static void leave(List<LaneShare> leaving) {
    boolean answers = true;
    for (LaneShare share : leaving) {
      if (answers) {
        answers = share.leave();
      } else {
        Set<Integer> unused = share.drop("the broker does not answer");
      }
    }
  }
}
