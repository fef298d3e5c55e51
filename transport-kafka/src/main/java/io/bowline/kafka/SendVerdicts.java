// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static io.bowline.kafka.KafkaVerdicts.Moment.FIRST_ANSWER;
import static io.bowline.kafka.KafkaVerdicts.Moment.HANDING_OVER;
import static io.bowline.kafka.KafkaVerdicts.Moment.LATER_ANSWER;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.kafka.KafkaVerdicts.Row;
import io.bowline.transport.Verdict;
import java.util.List;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** The rows for what a send can see. The evidence is the source of kafka-clients 4.3.1. */
final class SendVerdicts {
  static final String RIGHTS = "Give this user the right, or use another user";
  static final String LOGIN = "Check user and password, the sasl.* and the ssl.* properties";
  static final String NAME =
      "Use a topic name of letters, digits, '.', '_' and '-', at most 249 long";

  private static final String TOO_LARGE =
      "Send a smaller body, or raise the topic's max.message.bytes and the property"
          + " max.request.size";
  private static final String BAD_RECORD =
      "The topic does not take such a message; a compacted topic takes none without key";
  private static final String TOO_OLD = "The broker or the topic's format is too old: upgrade it";

  /** From inside {@code producer.send}, which appends to a batch as its last step but one. */
  static final List<Row> BEFORE =
      List.of(
          refused(
              RecordTooLargeException.class, "the size is checked before the append", TOO_LARGE),
          refused(InvalidTopicException.class, "thrown by the look-up of partitions", NAME),
          refused(TopicAuthorizationException.class, "thrown by the look-up of partitions", RIGHTS),
          refused(AuthenticationException.class, "thrown by the look-up of partitions", LOGIN),
          refused(
              SerializationException.class,
              "thrown before the append",
              "The message cannot be written as a record"),
          refused(
              IllegalArgumentException.class,
              "thrown when the record is made",
              "The message cannot be written as a record: check topic and lane"),
          row(
              BufferExhaustedException.class,
              Verdict.NOT_STORED,
              "no room within `max.block.ms`: the append comes after",
              "Try again: the client's buffer is full (buffer.memory)"),
          row(
              TimeoutException.class,
              Verdict.NOT_STORED,
              "partitions unknown within `max.block.ms`: the append comes after",
              "Try again: no broker told the topic's partitions yet"),
          row(
                  IllegalStateException.class,
                  Verdict.NOT_STORED,
                  "the first thing that is checked",
                  "Try again: its producer was closed at that moment")
              .saying("after producer has been closed"),
          unknown(HANDING_OVER, InterruptException.class, "nothing is promised about the append"),
          unknown(
                  HANDING_OVER,
                  KafkaException.class,
                  "thrown after the append, by a producer that is dead")
              .saying("in an error state"));

  /** From the callback. The broker checks a batch as a whole before it appends any of it. */
  static final List<Row> ANSWERED =
      List.of(
          first(RecordTooLargeException.class, "checked before the append", TOO_LARGE),
          first(RecordBatchTooLargeException.class, "checked before the append", TOO_LARGE),
          first(
              InvalidRecordException.class,
              "one bad record: none of its batch is appended",
              BAD_RECORD),
          first(
              InvalidTimestampException.class,
              "one bad record: none of its batch is appended",
              "Compare this machine's clock with the broker's"),
          first(
              PolicyViolationException.class,
              "checked before the append",
              "A policy of the broker forbids it: ask who runs the broker"),
          first(
              InvalidTopicException.class,
              "checked before the append",
              "The broker forbids writing to this topic"),
          first(TopicAuthorizationException.class, "checked before the append", RIGHTS),
          first(
              ClusterAuthorizationException.class,
              "the producer got no id, without which it sends nothing; or checked before the"
                  + " append",
              "Give this user the right to write to the topic: he has it for no topic"),
          first(
              AuthenticationException.class,
              "the producer got no id, without which it sends nothing",
              LOGIN),
          first(UnsupportedVersionException.class, "the request cannot be written", TOO_OLD),
          first(UnsupportedForMessageFormatException.class, "checked before the append", TOO_OLD),
          first(UnsupportedCompressionTypeException.class, "checked before the append", TOO_OLD),
          new Row(
                  FIRST_ANSWER,
                  KafkaException.class,
                  null,
                  Verdict.NOT_STORED,
                  "a neighbour in its batch was refused, so none was appended; it is sound itself",
                  "Try again: nothing is wrong with this message, but another of its batch was"
                      + " refused")
              .saying("part of a batch which had one more more invalid records"),
          unknown(
              FIRST_ANSWER,
              TimeoutException.class,
              "`delivery.timeout.ms` passed, in the buffer or on the way: the client does not say"),
          unknown(
              FIRST_ANSWER,
              NotEnoughReplicasException.class,
              "not appended at this try, but told only when no time is left for another"),
          unknown(
              FIRST_ANSWER,
              NotEnoughReplicasAfterAppendException.class,
              "appended by the leader, not by enough others"),
          unknown(FIRST_ANSWER, NetworkException.class, "cut between request and answer"),
          unknown(FIRST_ANSWER, NotLeaderOrFollowerException.class, "the leader changed meanwhile"),
          unknown(
              FIRST_ANSWER,
              UnknownTopicOrPartitionException.class,
              "told only when no time is left for another try"),
          unknown(FIRST_ANSWER, UnknownProducerIdException.class, "the broker forgot what it knew"),
          unknown(
              FIRST_ANSWER,
              OutOfOrderSequenceException.class,
              "what came before is missing in the log, or this is there already"),
          unknown(FIRST_ANSWER, CorruptRecordException.class, "damaged on the way, each time"),
          unknown(FIRST_ANSWER, ProducerFencedException.class, "the producer is dead"),
          unknown(FIRST_ANSWER, InvalidProducerEpochException.class, "the producer is dead"),
          unknown(FIRST_ANSWER, InvalidPidMappingException.class, "the producer is dead"),
          unknown(FIRST_ANSWER, KafkaException.class, "the producer was closed meanwhile")
              .saying("closed forcefully"),
          unknown(
              LATER_ANSWER,
              Throwable.class,
              "an earlier try of the same batch may have been stored, whatever this one says"));

  private SendVerdicts() {}

  private static Row refused(Class<? extends Throwable> seen, String why, String advice) {
    return row(seen, Verdict.REFUSED, why, advice);
  }

  private static Row row(
      Class<? extends Throwable> seen, Verdict verdict, String why, String advice) {
    return new Row(HANDING_OVER, seen, null, verdict, why, advice);
  }

  private static Row first(Class<? extends Throwable> seen, String why, String advice) {
    return new Row(FIRST_ANSWER, seen, null, Verdict.REFUSED, why, advice);
  }

  private static Row unknown(Moment moment, Class<? extends Throwable> seen, String why) {
    return new Row(moment, seen, null, Verdict.UNKNOWN, why, KafkaVerdicts.MAY_BE_STORED);
  }
}
