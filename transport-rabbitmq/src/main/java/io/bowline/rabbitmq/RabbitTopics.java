// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which topics exist and how many lanes each has, read from the broker: lane {@code i} exists if
 * the exchange {@code topic.lane-i} does. Answers are remembered, a no is not. Thread-safe.
 */
final class RabbitTopics {
  private static final int MOST_REMEMBERED = 10_000;

  private final SupervisedConnection consuming;
  private final RabbitSettings settings;
  private final Map<String, Topic> remembered = new ConcurrentHashMap<>();

  /**
   * A topic that exists.
   *
   * @param lanes how many lanes
   * @param ours whether Bowline made it, so that every lane has its own routing key
   */
  record Topic(int lanes, boolean ours) {}

  RabbitTopics(SupervisedConnection consuming, RabbitSettings settings) {
    this.consuming = consuming;
    this.settings = settings;
  }

  /**
   * What is known, else what the broker says.
   *
   * @throws TransportException REFUSED if there is no such exchange, UNKNOWN if no answer came
   */
  Topic find(String topic) {
    Topic known = known(topic);
    if (known != null) {
      return known;
    }
    RabbitNames.check(topic, "");
    Topic found =
        ask(
            "find topic " + topic,
            channels -> {
              if (!exists(channels, topic)) {
                throw missing(topic);
              }
              return read(channels, topic);
            });
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(topic, found);
    return found;
  }

  /** What is known without asking, or null. */
  @Nullable Topic known(String topic) {
    return remembered.get(topic);
  }

  /** Asks again next time. */
  void forget(String topic) {
    remembered.remove(topic);
  }

  /** Asks again for everything: another broker may have taken the place of the one before. */
  void forgetAll() {
    remembered.clear();
  }

  /** Asks on channels of the connection that no alarm blocks. */
  <T> T ask(String what, Function<Channels, T> question) {
    try (Channels channels = new Channels(consuming.await(settings.connectTimeout()))) {
      return question.apply(channels);
    } catch (IOException | ShutdownSignalException e) {
      throw RabbitVerdicts.asking(what, e);
    }
  }

  /** The lanes of a topic whose exchange exists. */
  Topic read(Channels channels, String topic) {
    if (!exists(channels, RabbitNames.claim(topic))) {
      return new Topic(settings.foreignLanes(), false);
    }
    return new Topic(count(lane -> exists(channels, RabbitNames.marker(topic, lane))), true);
  }

  boolean exists(Channels channels, String exchange) {
    return channels.exists(
        "look for exchange " + exchange, channel -> channel.exchangeDeclarePassive(exchange));
  }

  /** How many lanes exist, where all below an existing one do: doubling, then halving. */
  static int count(IntPredicate exists) {
    int known = 0;
    int missing = 1;
    while (missing <= TopicSpec.MAX_LANES && exists.test(missing - 1)) {
      known = missing;
      missing *= 2;
    }
    missing = Math.min(missing, TopicSpec.MAX_LANES + 1);
    while (missing - known > 1) {
      int middle = (known + missing) >>> 1;
      if (exists.test(middle - 1)) {
        known = middle;
      } else {
        missing = middle;
      }
    }
    return Math.max(1, known);
  }

  private TransportException missing(String topic) {
    return new TransportException(
        Verdict.REFUSED,
        "Topic '%s': no exchange of that name in virtual host %s of %s; make it with ensure"
                .formatted(topic, settings.vhost(), settings.hostNames())
            + " (TopicSpec) or declare it yourself");
  }
}
