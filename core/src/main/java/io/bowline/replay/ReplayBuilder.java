// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import io.bowline.id.UuidV7Ids;
import io.bowline.message.DeadLetterHeaders;
import io.bowline.message.Names;
import io.bowline.message.Received;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import io.bowline.transport.Connected;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which dead letters of a group go back to the topics from which they came. What it means for the
 * others, and for other readers: {@code docs/dead-letters.md}. Not thread-safe.
 */
public final class ReplayBuilder {
  /** The default {@link #maxReplays}: 3. */
  public static final int DEFAULT_MAX_REPLAYS = 3;

  /** The default {@link #quiet}: 10 s. */
  public static final Duration DEFAULT_QUIET = Duration.ofSeconds(10);

  /** The most dead letters that a dry run looks at: 10,000. */
  public static final int MOST_LOOKED = 10_000;

  /** How long a first lane or letter may take, if that is longer than the quiet: 30 s. */
  private static final Duration FIRST_SIGN = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(ReplayBuilder.class);

  private final Connected broker;
  private final String topic;
  private final String group;
  private @Nullable Predicate<Received> selected;
  private int limit = Integer.MAX_VALUE;
  private int maxReplays = DEFAULT_MAX_REPLAYS;
  private boolean dryRun;
  private Duration quiet = DEFAULT_QUIET;

  /**
   * A builder over an open transport; users get one from {@code Bowline.replay(topic, group)}.
   *
   * @param topic the topic of the dead letters
   * @param group whose dead letters they are
   * @throws IllegalArgumentException if topic or group is blank
   */
  public ReplayBuilder(Connected broker, String topic, String group) {
    this.broker = broker;
    this.topic = Names.required("dead-letter topic", topic);
    this.group = Names.required("group", group);
  }

  /**
   * The group as which a replay of this group's dead letters reads them: {@code <group>.replay}.
   * Where a group gets only what was sent after it was made, as on RabbitMQ, make it with the topic
   * of the dead letters: {@link TopicSpec#deadLetters} does.
   */
  public static String reader(String group) {
    return TopicSpec.replayGroup(group);
  }

  /** All dead letters of the group. */
  public ReplayBuilder all() {
    return where(letter -> true);
  }

  /** Those with one of these message ids. */
  public ReplayBuilder ids(Set<String> ids) {
    Set<String> wanted = Set.copyOf(ids);
    return where(letter -> wanted.contains(letter.id()));
  }

  /** Those of this key. */
  public ReplayBuilder key(String key) {
    Objects.requireNonNull(key);
    return where(letter -> letter.key().filter(key::equals).isPresent());
  }

  /**
   * Those that match; together with other choices, those that match all of them. What is given is
   * the dead letter, with the headers of {@link DeadLetterHeaders}. It is called on the thread that
   * replays; if it throws, the replay ends.
   */
  public ReplayBuilder where(Predicate<Received> choice) {
    Objects.requireNonNull(choice);
    selected = selected == null ? choice : selected.and(choice);
    return this;
  }

  /** Ends after so many were replayed; no limit by default. */
  public ReplayBuilder limit(int letters) {
    this.limit = positive("limit of letters", letters);
    return this;
  }

  /**
   * How often one message may be replayed in all, 3 times by default: what dies again and again
   * stays. It is counted in header {@link DeadLetterHeaders#REPLAYS}.
   */
  public ReplayBuilder maxReplays(int times) {
    this.maxReplays = positive("limit of replays", times);
    return this;
  }

  /**
   * Sends nothing and acknowledges nothing, but reports what would be. It looks at {@value
   * #MOST_LOOKED} dead letters at most, and at no more than the broker hands out at once.
   */
  public ReplayBuilder dryRun() {
    this.dryRun = true;
    return this;
  }

  /** How long nothing new arrives until all is taken to have been seen; 10 s by default. */
  public ReplayBuilder quiet(Duration longest) {
    this.quiet = Objects.requireNonNull(longest);
    return this;
  }

  /**
   * Replays, on the calling thread, and returns once all was seen, or after this time; what is then
   * under way has 5 s more. Interrupting the thread ends it likewise. What was not dealt with stays
   * as it is, so a replay may be run again at any time.
   *
   * @throws IllegalStateException if it was not said what to replay
   * @throws TransportException if the topic of the dead letters does not exist or cannot be read
   */
  public ReplayReport run(Duration timeout) {
    if (selected == null) {
      throw new IllegalStateException(
          "Say which dead letters of " + topic + " to replay: all(), ids(…), key(…) or where(…)");
    }
    Selection selection =
        new Selection(UuidV7Ids.system().next(), topic, group, selected, maxReplays);
    Duration firstSign = quiet.compareTo(FIRST_SIGN) > 0 ? quiet : FIRST_SIGN;
    ReplayOrders orders = new ReplayOrders(limit, dryRun, quiet, firstSign, MOST_LOOKED);
    log.info("Replay {} of {} for {} started", selection.run(), topic, group);
    ReplayReport report = run(orders, selection, timeout);
    log.info(
        "Replay {} of {} for {} ended: {} {}",
        selection.run(),
        topic,
        group,
        report.end(),
        report.counts());
    return report;
  }

  private ReplayReport run(ReplayOrders orders, Selection selection, Duration timeout) {
    ReliableProducer producer =
        new ProducerBuilder(broker, reader(group)).window(10_000, 1L << 30).open();
    ReplayRun run;
    try {
      run = new ReplayRun(broker, orders, selection, producer);
    } catch (RuntimeException | Error unreadable) {
      producer.close();
      throw unreadable;
    }
    return run.run(timeout);
  }

  private static int positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("A " + what + " is at least 1, but it was " + value);
    }
    return value;
  }
}
