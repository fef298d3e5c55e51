// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the command line asks for.
 *
 * @param brokers which, of {@code kafka}, {@code rabbitmq}, {@code rocketmq}, {@code none}
 * @param sizes bytes of a body
 * @param time how long a turn sends
 * @param rounds how many turns of each contestant count
 * @param warmUps how many turns of each are played before
 * @param only which contestants take part: those whose {@code discipline: name} has this pattern
 * @param threads whether to tell on the way which threads the time went to
 * @param sides what is measured
 */
public record Options(
    List<String> brokers,
    List<Integer> sizes,
    Duration time,
    int rounds,
    int warmUps,
    Optional<Pattern> only,
    boolean threads,
    Set<Side> sides) {

  /** Which part of the way is measured. */
  public enum Side {
    /** Producers. */
    SEND,
    /** Consumers. */
    CONSUME,
    /** What makes effects happen once; no broker takes part. */
    EFFECTS,
    /** A database's outbox, and its way to Kafka. */
    OUTBOX
  }

  private static final List<String> ALL = List.of("kafka", "rabbitmq", "rocketmq");

  /** What can be asked. */
  public static final String USAGE =
      """
      benchmarks/run [send|consume|effects|outbox] [kafka|rabbitmq|rocketmq|none|all] [--quick]
                     [--sizes 100,1024,10240] [--seconds 4] [--rounds 7] [--warm-ups 3] [--only pattern] [--threads]
      benchmarks/run jmh [what JMH takes]\
      """;

  private static final Options STANDARD =
      new Options(
          ALL,
          List.of(100, 1024, 10_240),
          Duration.ofSeconds(4),
          7,
          3,
          Optional.empty(),
          false,
          EnumSet.of(Side.SEND, Side.CONSUME));

  private static final Options QUICK =
      new Options(
          ALL,
          List.of(100, 1024),
          Duration.ofSeconds(1),
          3,
          2,
          Optional.empty(),
          false,
          EnumSet.of(Side.SEND, Side.CONSUME));

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if a part of it is not understood
   */
  public static Options parse(String... args) {
    Options options = Arrays.asList(args).contains("--quick") ? QUICK : STANDARD;
    Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
    while (!rest.isEmpty()) {
      options = options.with(rest.pop(), rest);
    }
    return options;
  }

  private Options with(String option, Deque<String> rest) {
    return switch (option) {
      case "--quick" -> this;
      case "--threads" -> new Options(brokers, sizes, time, rounds, warmUps, only, true, sides);
      case "send" -> side(Side.SEND);
      case "consume" -> side(Side.CONSUME);
      case "effects" -> side(Side.EFFECTS);
      case "outbox" -> side(Side.OUTBOX);
      case "all" -> brokers(ALL);
      case "kafka", "rabbitmq", "rocketmq", "none" -> brokers(List.of(option));
      case "--sizes" -> sizes(value(option, rest));
      case "--seconds" -> time(Double.parseDouble(value(option, rest)));
      case "--rounds" -> rounds(Integer.parseInt(value(option, rest)));
      case "--warm-ups" -> warmUps(Integer.parseInt(value(option, rest)));
      case "--only" -> only(value(option, rest));
      default -> throw new IllegalArgumentException("Not known: " + option + "\n" + USAGE);
    };
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
    }
    return rest.pop();
  }

  private Options brokers(List<String> chosen) {
    return new Options(chosen, sizes, time, rounds, warmUps, only, threads, sides);
  }

  private Options side(Side chosen) {
    return new Options(brokers, sizes, time, rounds, warmUps, only, threads, Set.of(chosen));
  }

  private Options sizes(String list) {
    List<Integer> chosen = Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
    return new Options(brokers, chosen, time, rounds, warmUps, only, threads, sides);
  }

  private Options time(double seconds) {
    Duration chosen = Duration.ofMillis((long) (seconds * 1000));
    return new Options(brokers, sizes, chosen, rounds, warmUps, only, threads, sides);
  }

  private Options rounds(int chosen) {
    return new Options(brokers, sizes, time, chosen, warmUps, only, threads, sides);
  }

  private Options warmUps(int chosen) {
    return new Options(brokers, sizes, time, rounds, chosen, only, threads, sides);
  }

  private Options only(String pattern) {
    return new Options(
        brokers,
        sizes,
        time,
        rounds,
        warmUps,
        Optional.of(Pattern.compile(pattern)),
        threads,
        sides);
  }

  /** Whether a contestant takes part in a discipline. */
  public boolean wants(String discipline, String name) {
    return only.isEmpty() || only.get().matcher(discipline + ": " + name).find();
  }
}
