// SPDX-License-Identifier: Apache-2.0
package io.bowline.audit;

import io.bowline.message.Names;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A topic to be audited, and how a service uses it: what is said here is held against what the
 * broker does, what is not said is not looked at. Immutable.
 *
 * @param topic its name
 * @param groups the groups that must miss nothing of it
 * @param deadLetters the topic of their dead letters
 * @param parking the topic to which messages are put off
 * @param dedupeWindow for how long it is remembered which messages took effect
 * @param keepsSent for how long an outbox keeps what was sent
 */
public record Audited(
    String topic,
    List<String> groups,
    Optional<String> deadLetters,
    Optional<String> parking,
    Optional<Duration> dedupeWindow,
    Optional<Duration> keepsSent) {

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if one is blank
   */
  public Audited {
    Names.required("topic", topic);
    groups.forEach(group -> Names.required("group", group));
    groups = List.copyOf(groups);
    deadLetters.ifPresent(dead -> Names.required("dead-letter topic", dead));
    parking.ifPresent(parked -> Names.required("parking topic", parked));
  }

  /** A topic, of whose use nothing is said. */
  public static Audited topic(String topic) {
    return new Audited(
        topic, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same, read by these groups. */
  public Audited groups(String... groups) {
    return new Audited(topic, List.of(groups), deadLetters, parking, dedupeWindow, keepsSent);
  }

  /** The same, with its dead letters in this topic. */
  public Audited deadLetters(String topic) {
    return new Audited(this.topic, groups, Optional.of(topic), parking, dedupeWindow, keepsSent);
  }

  /** The same, with what is shed in this topic. */
  public Audited parking(String topic) {
    return new Audited(
        this.topic, groups, deadLetters, Optional.of(topic), dedupeWindow, keepsSent);
  }

  /** The same, by consumers that remember for so long what took effect. */
  public Audited dedupeWindow(Duration remembered) {
    return new Audited(topic, groups, deadLetters, parking, Optional.of(remembered), keepsSent);
  }

  /** The same, from an outbox that keeps for so long what it sent. */
  public Audited keepsSent(Duration kept) {
    return new Audited(topic, groups, deadLetters, parking, dedupeWindow, Optional.of(kept));
  }
}
