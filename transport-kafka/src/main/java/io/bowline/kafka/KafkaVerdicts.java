// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * What an exception of the Kafka client proves: the table to read when something fails. The first
 * row that fits decides; where none fits the verdict is UNKNOWN, for the client's own retries may
 * have stored what a later answer denies. What sends can see also stands in {@code
 * docs/transports.md}, which a test compares with this.
 */
final class KafkaVerdicts {
  static final String MAY_BE_STORED =
      "It may be stored and may still appear: send it again under the same id, and expect a"
          + " duplicate";

  /** When the exception was seen: the same class proves more before a message left than after. */
  enum Moment {
    /** On the caller's thread, from inside {@code producer.send}: not yet in a batch. */
    HANDING_OVER("before a batch"),
    /**
     * From the callback, while the client has tried no batch again since the message was handed
     * over: whatever the broker said was about the only try.
     */
    FIRST_ANSWER("answer to the only try"),
    /** From the callback, and an earlier try of the same batch may have been stored. */
    LATER_ANSWER("answer to a later try"),
    /** From a question or a command about topics and groups. */
    ASKED("question"),
    /** From a subscription's poll or commit: each row ends the subscription. */
    POLLED("poll");

    private final String words;

    Moment(String words) {
      this.words = words;
    }

    /** As the documentation calls it. */
    String words() {
      return words;
    }
  }

  /**
   * One row.
   *
   * @param words of a message, where the class alone says too little: then it is exactly this class
   * @param why the evidence
   * @param advice what to do
   */
  record Row(
      Moment moment,
      Class<? extends Throwable> seen,
      @Nullable String words,
      Verdict verdict,
      String why,
      String advice) {

    boolean fits(Moment when, Throwable what) {
      if (moment != when || !seen.isInstance(what)) {
        return false;
      }
      return words == null
          || (what.getClass() == seen && String.valueOf(what.getMessage()).contains(words));
    }

    /** The same for an exception with these words only. */
    Row saying(String text) {
      return new Row(moment, seen, text, verdict, why, advice);
    }
  }

  static final List<Row> TABLE =
      Stream.of(SendVerdicts.BEFORE, SendVerdicts.ANSWERED, AskVerdicts.ASKED, AskVerdicts.POLLED)
          .flatMap(List::stream)
          .toList();

  /**
   * After these a producer never stores anything again, or nothing in order: it is closed, and what
   * it had under way is UNKNOWN.
   */
  static final List<Class<? extends Throwable>> ENDS_PRODUCER =
      List.of(
          ProducerFencedException.class,
          InvalidProducerEpochException.class,
          InvalidPidMappingException.class,
          OutOfOrderSequenceException.class,
          ClusterAuthorizationException.class,
          AuthenticationException.class,
          UnsupportedVersionException.class);

  private KafkaVerdicts() {}

  /** The exception to fail with: what was tried, what was seen, what to do, and the verdict. */
  static TransportException exception(Moment moment, String tried, Throwable seen) {
    Row row = find(moment, seen);
    return new TransportException(
        row.verdict, tried + " failed: " + words(seen) + ". " + row.advice + ".", seen);
  }

  /** Whether a subscription that saw this can never work again. */
  static boolean endsSubscription(Throwable seen) {
    return TABLE.stream().anyMatch(row -> row.fits(Moment.POLLED, seen));
  }

  /** Whether a producer that saw this is to be put away. */
  static boolean endsProducer(Throwable seen) {
    return ENDS_PRODUCER.stream().anyMatch(kind -> kind.isInstance(seen));
  }

  /** Whether another producer would see the same: the login is refused, or a right is missing. */
  static boolean isLasting(Throwable seen) {
    return find(Moment.FIRST_ANSWER, seen).verdict == Verdict.REFUSED;
  }

  private static Row find(Moment moment, Throwable seen) {
    return TABLE.stream()
        .filter(row -> row.fits(moment, seen))
        .findFirst()
        .orElseGet(
            () ->
                new Row(
                    moment,
                    seen.getClass(),
                    null,
                    Verdict.UNKNOWN,
                    "nothing is proven",
                    adviceWhenUnsure(moment)));
  }

  private static String adviceWhenUnsure(Moment moment) {
    return switch (moment) {
      case HANDING_OVER, FIRST_ANSWER, LATER_ANSWER -> MAY_BE_STORED;
      case ASKED -> "Check that the brokers run and can be reached, and try again";
      case POLLED -> "Subscribe again";
    };
  }

  private static String words(Throwable seen) {
    Throwable root = seen;
    while (root.getCause() != null && seen instanceof AuthenticationException) {
      root = root.getCause();
    }
    // The client says no more than "SSL handshake failed" itself.
    return root == seen ? named(seen) : named(seen) + " (" + named(root) + ")";
  }

  private static String named(Throwable seen) {
    return seen.getClass().getSimpleName()
        + (seen.getMessage() == null ? "" : ": " + seen.getMessage().replaceFirst("\\.$", ""));
  }
}
