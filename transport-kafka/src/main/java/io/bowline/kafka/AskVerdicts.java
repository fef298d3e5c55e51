// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.kafka.KafkaVerdicts.Row;
import io.bowline.transport.Verdict;
import java.util.List;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** The rows for what questions, commands and subscriptions can see. */
final class AskVerdicts {
  private static final String SAID = "the broker said so";
  private static final String BROKEN = "the client's own state";

  static final List<Row> ASKED =
      List.of(
          asked(
              UnknownTopicOrPartitionException.class,
              "Create the topic, or let Bowline do it: admin().ensure(TopicSpec.of(topic))"),
          asked(InvalidTopicException.class, SendVerdicts.NAME),
          asked(AuthenticationException.class, SendVerdicts.LOGIN),
          asked(AuthorizationException.class, SendVerdicts.RIGHTS),
          asked(
              PolicyViolationException.class,
              "A policy of the broker forbids it: ask who runs the broker"),
          asked(InvalidPartitionsException.class, "Ask for another number of lanes"),
          asked(
              InvalidReplicationFactorException.class,
              "Fewer brokers are alive than the topic needs replicas: start them first"),
          asked(UnsupportedVersionException.class, "The broker is too old for this client"));

  static final List<Row> POLLED =
      List.of(
          polled(AuthenticationException.class, SendVerdicts.LOGIN),
          polled(AuthorizationException.class, SendVerdicts.RIGHTS),
          polled(InvalidTopicException.class, "Use a valid topic name"),
          polled(InvalidGroupIdException.class, "Use another group"),
          polled(
              InconsistentGroupProtocolException.class,
              "Members of this group share lanes in another way: set group.protocol or"
                  + " partition.assignment.strategy to theirs, or use another group"),
          polled(FencedInstanceIdException.class, "Another member took its place"),
          polled(
              UnsupportedVersionException.class,
              "The broker is too old for this client or this group.protocol"),
          broken(IllegalStateException.class, "The client is closed or broken: subscribe again"),
          broken(IllegalArgumentException.class, "The client is broken: subscribe again"));

  private AskVerdicts() {}

  private static Row asked(Class<? extends Throwable> seen, String advice) {
    return new Row(Moment.ASKED, seen, null, Verdict.REFUSED, SAID, advice);
  }

  private static Row polled(Class<? extends Throwable> seen, String advice) {
    return new Row(Moment.POLLED, seen, null, Verdict.REFUSED, SAID, advice);
  }

  private static Row broken(Class<? extends Throwable> seen, String advice) {
    return new Row(Moment.POLLED, seen, null, Verdict.UNKNOWN, BROKEN, advice);
  }
}
