// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static io.bowline.transport.Verdict.NOT_STORED;
import static io.bowline.transport.Verdict.REFUSED;
import static io.bowline.transport.Verdict.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.rocketmq.client.apis.ClientException;
import org.apache.rocketmq.client.java.exception.BadRequestException;
import org.apache.rocketmq.client.java.exception.ForbiddenException;
import org.apache.rocketmq.client.java.exception.InternalErrorException;
import org.apache.rocketmq.client.java.exception.LiteSubscriptionQuotaExceededException;
import org.apache.rocketmq.client.java.exception.LiteTopicQuotaExceededException;
import org.apache.rocketmq.client.java.exception.NotFoundException;
import org.apache.rocketmq.client.java.exception.PayloadEmptyException;
import org.apache.rocketmq.client.java.exception.PayloadTooLargeException;
import org.apache.rocketmq.client.java.exception.PaymentRequiredException;
import org.apache.rocketmq.client.java.exception.ProxyTimeoutException;
import org.apache.rocketmq.client.java.exception.RequestHeaderFieldsTooLargeException;
import org.apache.rocketmq.client.java.exception.TooManyRequestsException;
import org.apache.rocketmq.client.java.exception.UnauthorizedException;
import org.apache.rocketmq.client.java.exception.UnsupportedException;
import org.apache.rocketmq.shaded.io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table in {@code docs/transport-rocketmq.md}. */
final class RocketVerdictsTest {

  static Stream<Arguments> rows() {
    return Stream.concat(statuses(), failuresOfTheClient());
  }

  private static Stream<Arguments> statuses() {
    return Stream.of(
        Arguments.of("FLUSH_DISK_TIMEOUT", new ProxyTimeoutException(50401, "r", ""), UNKNOWN),
        Arguments.of("FLUSH_SLAVE_TIMEOUT", new ProxyTimeoutException(50402, "r", ""), UNKNOWN),
        Arguments.of("SLAVE_NOT_AVAILABLE", new InternalErrorException(50002, "r", ""), UNKNOWN),
        Arguments.of("PROXY_TIMEOUT", new ProxyTimeoutException(50400, "r", ""), UNKNOWN),
        Arguments.of("INTERNAL_SERVER_ERROR", new InternalErrorException(50001, "r", ""), UNKNOWN),
        Arguments.of("TOO_MANY_REQUESTS", new TooManyRequestsException(42900, "r", ""), NOT_STORED),
        Arguments.of("BAD_REQUEST", new BadRequestException(40000, "r", ""), REFUSED),
        Arguments.of("ILLEGAL_TOPIC", new BadRequestException(40002, "r", ""), REFUSED),
        Arguments.of("UNAUTHORIZED", new UnauthorizedException(40100, "r", ""), REFUSED),
        Arguments.of("PAYMENT_REQUIRED", new PaymentRequiredException(40200, "r", ""), REFUSED),
        Arguments.of("FORBIDDEN", new ForbiddenException(40300, "r", ""), REFUSED),
        Arguments.of("TOPIC_NOT_FOUND", new NotFoundException(40402, "r", ""), REFUSED),
        Arguments.of(
            "MESSAGE_BODY_TOO_LARGE", new PayloadTooLargeException(41301, "r", ""), REFUSED),
        Arguments.of("MESSAGE_BODY_EMPTY", new PayloadEmptyException(41302, "r", ""), REFUSED),
        Arguments.of(
            "PROPERTIES_TOO_LARGE",
            new RequestHeaderFieldsTooLargeException(43101, "r", ""),
            REFUSED),
        Arguments.of(
            "LITE_TOPIC_QUOTA", new LiteTopicQuotaExceededException(42901, "r", ""), REFUSED),
        Arguments.of(
            "LITE_SUBSCRIPTION_QUOTA",
            new LiteSubscriptionQuotaExceededException(42902, "r", ""),
            REFUSED),
        Arguments.of("UNSUPPORTED", new UnsupportedException(50500, "r", ""), UNKNOWN));
  }

  private static Stream<Arguments> failuresOfTheClient() {
    return Stream.of(
        Arguments.of("UNAVAILABLE", Status.UNAVAILABLE.asRuntimeException(), UNKNOWN),
        Arguments.of("DEADLINE", Status.DEADLINE_EXCEEDED.asRuntimeException(), UNKNOWN),
        Arguments.of("our deadline", new TimeoutException(), UNKNOWN),
        Arguments.of("an I/O error", new IOException("reset by peer"), UNKNOWN),
        Arguments.of("anything else", new IllegalStateException("surprise"), UNKNOWN),
        Arguments.of("an error", new StackOverflowError(), UNKNOWN),
        Arguments.of(
            "wrong message type",
            new IllegalArgumentException("Current message type not match with topic"),
            REFUSED),
        Arguments.of(
            "no writable queue",
            new IllegalArgumentException("No writable message queue found, route=…"),
            NOT_STORED),
        Arguments.of(
            "too large for the client",
            new IOException("Message body size exceeds the threshold, max size=4194304 bytes"),
            REFUSED),
        Arguments.of(
            "producer closed", new IllegalStateException("Producer is not running now"), REFUSED),
        Arguments.of(
            "refused by ourselves", new TransportException(REFUSED, "headers too large"), REFUSED));
  }

  @ParameterizedTest(name = "{0} is {2}")
  @MethodSource("rows")
  void eachFailureHasItsVerdict(String name, Throwable failure, Verdict expected) {
    assertEquals(expected, RocketVerdicts.of(failure, false), name);
    assertEquals(expected, RocketVerdicts.of(new CompletionException(failure), false), name);
    assertEquals(
        expected,
        RocketVerdicts.of(new ExecutionException(new ClientException(failure)), false),
        name + ", wrapped by future and client");
  }

  @Test
  void aTopicThatWasThereIsOnlyAway() {
    Throwable notFound = new NotFoundException(40402, "r", "No topic route info");
    assertEquals(NOT_STORED, RocketVerdicts.of(notFound, true));
  }

  @Test
  void aDescriptionIsOneLine() {
    String text = RocketVerdicts.described(new IllegalArgumentException("wrong\nsee https://x"));
    assertEquals("IllegalArgumentException: wrong", text);
  }
}
