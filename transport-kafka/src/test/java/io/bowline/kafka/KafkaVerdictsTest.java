// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static io.bowline.transport.Verdict.NOT_STORED;
import static io.bowline.transport.Verdict.REFUSED;
import static io.bowline.transport.Verdict.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
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
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table, row by row, and what it must leave UNKNOWN. */
final class KafkaVerdictsTest {
  private static final String CLOSED = "Cannot perform operation after producer has been closed";
  private static final String COLLATERAL =
      "Failed to append record because it was part of a batch which had one more more invalid"
          + " records";

  @ParameterizedTest(name = "{0} {1} is {2}")
  @MethodSource("rows")
  void eachRowHasItsVerdict(Moment moment, Throwable seen, Verdict verdict) {
    TransportException exception = KafkaVerdicts.exception(moment, "Trying", seen);
    assertEquals(verdict, exception.verdict());
    assertEquals(seen, exception.getCause());
    String message = String.valueOf(exception.getMessage());
    assertTrue(message.startsWith("Trying failed: " + seen.getClass().getSimpleName()), message);
    assertTrue(message.endsWith("."), message);
    assertFalse(message.contains(".."), message);
  }

  static Stream<Arguments> rows() {
    return Stream.of(beforeABatch(), refusedAtOnce(), unsure(), asked(), polled())
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> beforeABatch() {
    Moment moment = Moment.HANDING_OVER;
    return Stream.of(
        arguments(moment, new RecordTooLargeException("too large"), REFUSED),
        arguments(moment, new InvalidTopicException("a b"), REFUSED),
        arguments(moment, new TopicAuthorizationException("orders"), REFUSED),
        arguments(moment, new SaslAuthenticationException("who?"), REFUSED),
        arguments(moment, new SerializationException("no"), REFUSED),
        arguments(moment, new IllegalArgumentException("partition -1"), REFUSED),
        arguments(moment, new TimeoutException("not present in metadata"), NOT_STORED),
        arguments(moment, new BufferExhaustedException("full"), NOT_STORED),
        arguments(moment, new IllegalStateException(CLOSED), NOT_STORED),
        arguments(moment, new IllegalStateException("odd"), UNKNOWN),
        arguments(moment, new InterruptException("while waiting"), UNKNOWN),
        arguments(moment, new KafkaException("we are in an error state"), UNKNOWN),
        arguments(moment, new ProducerFencedException("fenced"), UNKNOWN));
  }

  private static Stream<Arguments> refusedAtOnce() {
    Moment moment = Moment.FIRST_ANSWER;
    return Stream.of(
        arguments(moment, new RecordTooLargeException("too large"), REFUSED),
        arguments(moment, new RecordBatchTooLargeException("segment"), REFUSED),
        arguments(moment, new InvalidRecordException("no key"), REFUSED),
        arguments(moment, new InvalidTimestampException("1970"), REFUSED),
        arguments(moment, new PolicyViolationException("no"), REFUSED),
        arguments(moment, new InvalidTopicException("__consumer_offsets"), REFUSED),
        arguments(moment, new TopicAuthorizationException("orders"), REFUSED),
        arguments(moment, new ClusterAuthorizationException("idempotent write"), REFUSED),
        arguments(moment, new SaslAuthenticationException("who?"), REFUSED),
        arguments(moment, new UnsupportedVersionException("old"), REFUSED),
        arguments(moment, new UnsupportedForMessageFormatException("old"), REFUSED),
        arguments(moment, new UnsupportedCompressionTypeException("zstd"), REFUSED),
        arguments(moment, new KafkaException(COLLATERAL), NOT_STORED));
  }

  private static Stream<Arguments> unsure() {
    Moment moment = Moment.FIRST_ANSWER;
    Moment later = Moment.LATER_ANSWER;
    return Stream.of(
        arguments(moment, new TimeoutException("Expiring 1 record(s)"), UNKNOWN),
        arguments(moment, new NotEnoughReplicasException("1 of 2"), UNKNOWN),
        arguments(moment, new NotEnoughReplicasAfterAppendException("1 of 2"), UNKNOWN),
        arguments(moment, new NetworkException("cut"), UNKNOWN),
        arguments(moment, new NotLeaderOrFollowerException("moved"), UNKNOWN),
        arguments(moment, new UnknownTopicOrPartitionException("gone"), UNKNOWN),
        arguments(moment, new OutOfOrderSequenceException("5 after 3"), UNKNOWN),
        arguments(moment, new UnknownProducerIdException("7"), UNKNOWN),
        arguments(moment, new CorruptRecordException("crc"), UNKNOWN),
        arguments(moment, new ProducerFencedException("fenced"), UNKNOWN),
        arguments(moment, new InvalidProducerEpochException("old"), UNKNOWN),
        arguments(moment, new InvalidPidMappingException("old"), UNKNOWN),
        arguments(moment, new KafkaException("Producer is closed forcefully"), UNKNOWN),
        arguments(moment, new KafkaException("something new"), UNKNOWN),
        arguments(moment, new IllegalArgumentException("odd"), UNKNOWN),
        arguments(later, new RecordTooLargeException("too large"), UNKNOWN),
        arguments(later, new TopicAuthorizationException("orders"), UNKNOWN),
        arguments(later, new KafkaException(COLLATERAL), UNKNOWN));
  }

  private static Stream<Arguments> asked() {
    Moment moment = Moment.ASKED;
    return Stream.of(
        arguments(moment, new UnknownTopicOrPartitionException("orders"), REFUSED),
        arguments(moment, new InvalidTopicException("a b"), REFUSED),
        arguments(moment, new SslAuthenticationException("bad certificate"), REFUSED),
        arguments(moment, new ClusterAuthorizationException("create"), REFUSED),
        arguments(moment, new PolicyViolationException("no"), REFUSED),
        arguments(moment, new InvalidPartitionsException("0"), REFUSED),
        arguments(moment, new InvalidReplicationFactorException("3 of 1"), REFUSED),
        arguments(moment, new UnsupportedVersionException("old"), REFUSED),
        arguments(moment, new TimeoutException("no answer"), UNKNOWN),
        arguments(moment, new java.util.concurrent.TimeoutException(), UNKNOWN),
        arguments(moment, new DisconnectException("cut"), UNKNOWN));
  }

  private static Stream<Arguments> polled() {
    Moment moment = Moment.POLLED;
    return Stream.of(
        arguments(moment, new SaslAuthenticationException("who?"), REFUSED),
        arguments(moment, GroupAuthorizationException.forGroupId("bean-service"), REFUSED),
        arguments(moment, new InvalidTopicException("a b"), REFUSED),
        arguments(moment, new InvalidGroupIdException(""), REFUSED),
        arguments(moment, new InconsistentGroupProtocolException("range"), REFUSED),
        arguments(moment, new FencedInstanceIdException("twin"), REFUSED),
        arguments(moment, new UnsupportedVersionException("old"), REFUSED),
        arguments(moment, new IllegalStateException("closed"), UNKNOWN),
        arguments(moment, new IllegalArgumentException("odd"), UNKNOWN));
  }

  @Test
  void everyRowOfTheTableIsTestedHere() {
    Set<KafkaVerdicts.Row> tested =
        rows()
            .map(Arguments::get)
            .flatMap(
                row ->
                    KafkaVerdicts.TABLE.stream()
                        .filter(known -> known.fits((Moment) row[0], (Throwable) row[1]))
                        .limit(1))
            .collect(Collectors.toSet());
    assertEquals(Set.copyOf(KafkaVerdicts.TABLE), tested);
  }

  @Test
  void passingTroubleEndsNoSubscription() {
    assertFalse(KafkaVerdicts.endsSubscription(new TimeoutException("slow")));
    assertFalse(KafkaVerdicts.endsSubscription(new DisconnectException("cut")));
    assertFalse(KafkaVerdicts.endsSubscription(new KafkaException("record is corrupt")));
    assertTrue(KafkaVerdicts.endsSubscription(new TopicAuthorizationException("orders")));
  }

  @Test
  void fatalErrorsEndTheProducerAndOthersDoNot() {
    assertTrue(KafkaVerdicts.endsProducer(new ProducerFencedException("x")));
    assertTrue(KafkaVerdicts.endsProducer(new InvalidProducerEpochException("x")));
    assertTrue(KafkaVerdicts.endsProducer(new InvalidPidMappingException("x")));
    assertTrue(KafkaVerdicts.endsProducer(new ClusterAuthorizationException("x")));
    assertTrue(KafkaVerdicts.endsProducer(new UnsupportedVersionException("x")));
    assertFalse(KafkaVerdicts.endsProducer(new TimeoutException("x")));
    assertTrue(KafkaVerdicts.endsProducer(new OutOfOrderSequenceException("x")));
    assertTrue(KafkaVerdicts.endsProducer(new SaslAuthenticationException("x")));
    assertFalse(KafkaVerdicts.endsProducer(new TopicAuthorizationException("x")));
  }
}
