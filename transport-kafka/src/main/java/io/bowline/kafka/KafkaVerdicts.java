// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * What an exception of the Kafka client proves: the table to read when something fails. The first
 * row that fits decides; where none fits the verdict is UNKNOWN, for the client's own retries may
 * have stored what a later answer denies.
 */
final class KafkaVerdicts {

  /** When the exception was seen: the same class proves more before a message left than after. */
  enum Moment {
    /** From inside {@code producer.send}, on the caller's thread: not yet in a batch. */
    HANDING_OVER,
    /** From the callback on the producer's thread: a batch may have been on the wire. */
    ANSWERED,
    /** From a question or a command about topics and groups. */
    ASKED,
    /** From a subscription's poll or commit: each row ends the subscription. */
    POLLED
  }

  record Row(Moment moment, Class<? extends Throwable> seen, Verdict verdict, String advice) {}

  private static final String RIGHTS = "Give this user the right, or use another user";
  private static final String LOGIN = "Check the sasl.* and ssl.* properties";

  /** The producer's words for a healthy record that lay in a batch beside a bad one. */
  private static final String COLLATERAL =
      "part of a batch which had one more more invalid records";

  private static final Row BESIDE_A_BAD_RECORD =
      row(
          Moment.ANSWERED,
          KafkaException.class,
          Verdict.NOT_STORED,
          "Try again: nothing is wrong with this message, but another of its batch was refused");

  static final List<Row> TABLE =
      List.of(
          row(Moment.HANDING_OVER, RecordTooLargeException.class, Verdict.REFUSED, tooLarge()),
          row(
              Moment.HANDING_OVER,
              InvalidTopicException.class,
              Verdict.REFUSED,
              "Use a topic name of letters, digits, '.', '_' and '-', at most 249 long"),
          row(Moment.HANDING_OVER, TopicAuthorizationException.class, Verdict.REFUSED, RIGHTS),
          row(Moment.HANDING_OVER, AuthenticationException.class, Verdict.REFUSED, LOGIN),
          row(
              Moment.HANDING_OVER,
              SerializationException.class,
              Verdict.REFUSED,
              "The message cannot be written as a record"),
          row(
              Moment.HANDING_OVER,
              IllegalArgumentException.class,
              Verdict.REFUSED,
              "The message cannot be written as a record: check topic and lane"),
          // Room for the batch and the topic's partitions are awaited before anything is queued.
          row(
              Moment.HANDING_OVER,
              TimeoutException.class,
              Verdict.NOT_STORED,
              "Try again: the buffer is full (buffer.memory), or no broker told the topic's"
                  + " partitions yet"),
          row(Moment.ANSWERED, RecordTooLargeException.class, Verdict.REFUSED, tooLarge()),
          row(
              Moment.ANSWERED,
              InvalidRecordException.class,
              Verdict.REFUSED,
              "The topic does not take such a message; a compacted topic takes none without key"),
          row(
              Moment.ANSWERED,
              InvalidTimestampException.class,
              Verdict.REFUSED,
              "Compare this machine's clock with the broker's"),
          row(
              Moment.ANSWERED,
              PolicyViolationException.class,
              Verdict.REFUSED,
              "A policy of the broker forbids it: ask who runs the broker"),
          row(
              Moment.ANSWERED,
              InvalidTopicException.class,
              Verdict.REFUSED,
              "The broker forbids writing to this topic"),
          row(Moment.ANSWERED, TopicAuthorizationException.class, Verdict.REFUSED, RIGHTS),
          row(
              Moment.ASKED,
              UnknownTopicOrPartitionException.class,
              Verdict.REFUSED,
              "Create the topic, or let Bowline do it: admin().ensure(TopicSpec.of(topic))"),
          row(
              Moment.ASKED,
              InvalidTopicException.class,
              Verdict.REFUSED,
              "Use a topic name of letters, digits, '.', '_' and '-', at most 249 long"),
          row(Moment.ASKED, AuthenticationException.class, Verdict.REFUSED, LOGIN),
          row(Moment.ASKED, AuthorizationException.class, Verdict.REFUSED, RIGHTS),
          row(
              Moment.ASKED,
              PolicyViolationException.class,
              Verdict.REFUSED,
              "A policy of the broker forbids it: ask who runs the broker"),
          row(
              Moment.ASKED,
              InvalidPartitionsException.class,
              Verdict.REFUSED,
              "Ask for another number of lanes"),
          row(
              Moment.ASKED,
              InvalidReplicationFactorException.class,
              Verdict.REFUSED,
              "Fewer brokers are alive than the topic needs replicas: start them first"),
          row(
              Moment.ASKED,
              UnsupportedVersionException.class,
              Verdict.REFUSED,
              "The broker is too old for this client"),
          row(Moment.POLLED, AuthenticationException.class, Verdict.REFUSED, LOGIN),
          row(Moment.POLLED, AuthorizationException.class, Verdict.REFUSED, RIGHTS),
          row(
              Moment.POLLED,
              InvalidTopicException.class,
              Verdict.REFUSED,
              "Use a valid topic name"),
          row(Moment.POLLED, InvalidGroupIdException.class, Verdict.REFUSED, "Use another group"),
          row(
              Moment.POLLED,
              InconsistentGroupProtocolException.class,
              Verdict.REFUSED,
              "Members of this group share lanes in another way: set group.protocol or"
                  + " partition.assignment.strategy to theirs, or use another group"),
          row(
              Moment.POLLED,
              FencedInstanceIdException.class,
              Verdict.REFUSED,
              "Another member took its place"),
          row(
              Moment.POLLED,
              UnsupportedVersionException.class,
              Verdict.REFUSED,
              "The broker is too old for this client or this group.protocol"),
          row(
              Moment.POLLED,
              IllegalStateException.class,
              Verdict.UNKNOWN,
              "The client is closed or broken: subscribe again"),
          row(
              Moment.POLLED,
              IllegalArgumentException.class,
              Verdict.UNKNOWN,
              "The client is broken: subscribe again"));

  /** After these a producer never stores anything again. */
  private static final List<Class<? extends Throwable>> ENDS_PRODUCER =
      List.of(
          ProducerFencedException.class,
          InvalidProducerEpochException.class,
          InvalidPidMappingException.class,
          ClusterAuthorizationException.class,
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
    return TABLE.stream().anyMatch(row -> row.moment == Moment.POLLED && row.seen.isInstance(seen));
  }

  /** Whether a producer that saw this never stores anything again. */
  static boolean endsProducer(Throwable seen) {
    return ENDS_PRODUCER.stream().anyMatch(kind -> kind.isInstance(seen));
  }

  private static Row find(Moment moment, Throwable seen) {
    if (moment == Moment.ANSWERED && isBesideABadRecord(seen)) {
      return BESIDE_A_BAD_RECORD;
    }
    return TABLE.stream()
        .filter(row -> row.moment == moment && row.seen.isInstance(seen))
        .findFirst()
        .orElseGet(() -> row(moment, seen.getClass(), Verdict.UNKNOWN, adviceWhenUnsure(moment)));
  }

  private static boolean isBesideABadRecord(Throwable seen) {
    return seen.getClass() == KafkaException.class
        && seen.getMessage() != null
        && seen.getMessage().contains(COLLATERAL);
  }

  private static String adviceWhenUnsure(Moment moment) {
    return switch (moment) {
      case HANDING_OVER, ANSWERED ->
          "It may be stored and may still appear: send it again under the same id, and expect a"
              + " duplicate";
      case ASKED -> "Check that the brokers run and can be reached, and try again";
      case POLLED -> "Subscribe again";
    };
  }

  private static String words(Throwable seen) {
    return seen.getClass().getSimpleName()
        + (seen.getMessage() == null ? "" : ": " + seen.getMessage().replaceFirst("\\.$", ""));
  }

  private static Row row(Moment moment, Class<? extends Throwable> seen, Verdict v, String advice) {
    return new Row(moment, seen, v, advice);
  }

  private static String tooLarge() {
    return "Send a smaller body, or raise the topic's max.message.bytes and the property"
        + " max.request.size";
  }
}
