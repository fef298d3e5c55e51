// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static io.bowline.transport.Verdict.NOT_STORED;
import static io.bowline.transport.Verdict.REFUSED;
import static io.bowline.transport.Verdict.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import apache.rocketmq.v2.Code;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.rocketmq.client.apis.ClientException;
import org.apache.rocketmq.client.java.exception.BadRequestException;
import org.apache.rocketmq.client.java.exception.ForbiddenException;
import org.apache.rocketmq.client.java.exception.NotFoundException;
import org.apache.rocketmq.client.java.exception.StatusChecker;
import org.apache.rocketmq.client.java.route.Endpoints;
import org.apache.rocketmq.client.java.rpc.Context;
import org.apache.rocketmq.client.java.rpc.RpcFuture;
import org.apache.rocketmq.client.java.rpc.Signature;
import org.apache.rocketmq.shaded.com.google.common.util.concurrent.Futures;
import org.apache.rocketmq.shaded.io.grpc.Metadata;
import org.apache.rocketmq.shaded.io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table in {@code docs/transports.md}. */
final class RocketVerdictsTest {

  /** Every code that a proxy's answer may bear; one that is not here is new, and fails a test. */
  private static final Map<Code, Verdict> CODES = new EnumMap<>(Code.class);

  static {
    all(
        REFUSED,
        List.of(
            Code.BAD_REQUEST,
            Code.ILLEGAL_ACCESS_POINT,
            Code.ILLEGAL_TOPIC,
            Code.ILLEGAL_CONSUMER_GROUP,
            Code.ILLEGAL_MESSAGE_TAG,
            Code.ILLEGAL_MESSAGE_KEY,
            Code.ILLEGAL_MESSAGE_GROUP,
            Code.ILLEGAL_MESSAGE_PROPERTY_KEY,
            Code.INVALID_TRANSACTION_ID,
            Code.ILLEGAL_MESSAGE_ID,
            Code.ILLEGAL_FILTER_EXPRESSION,
            Code.ILLEGAL_INVISIBLE_TIME,
            Code.ILLEGAL_DELIVERY_TIME,
            Code.INVALID_RECEIPT_HANDLE,
            Code.MESSAGE_PROPERTY_CONFLICT_WITH_TYPE,
            Code.UNRECOGNIZED_CLIENT_TYPE,
            Code.MESSAGE_CORRUPTED,
            Code.CLIENT_ID_REQUIRED,
            Code.ILLEGAL_POLLING_TIME,
            Code.ILLEGAL_LITE_TOPIC));
  }

  static {
    all(REFUSED, List.of(Code.UNAUTHORIZED, Code.PAYMENT_REQUIRED, Code.FORBIDDEN));
    // Where the topic was never seen: else NOT_STORED.
    all(
        REFUSED,
        List.of(
            Code.NOT_FOUND,
            Code.MESSAGE_NOT_FOUND,
            Code.TOPIC_NOT_FOUND,
            Code.CONSUMER_GROUP_NOT_FOUND));
    all(
        REFUSED,
        List.of(
            Code.PAYLOAD_TOO_LARGE,
            Code.MESSAGE_BODY_TOO_LARGE,
            Code.MESSAGE_BODY_EMPTY,
            Code.REQUEST_HEADER_FIELDS_TOO_LARGE,
            Code.MESSAGE_PROPERTIES_TOO_LARGE,
            Code.LITE_TOPIC_QUOTA_EXCEEDED,
            Code.LITE_SUBSCRIPTION_QUOTA_EXCEEDED));
  }

  static {
    all(NOT_STORED, List.of(Code.TOO_MANY_REQUESTS));
    all(
        UNKNOWN,
        List.of(
            Code.INTERNAL_ERROR,
            Code.INTERNAL_SERVER_ERROR,
            Code.HA_NOT_AVAILABLE,
            Code.PROXY_TIMEOUT,
            Code.MASTER_PERSISTENCE_TIMEOUT,
            Code.SLAVE_PERSISTENCE_TIMEOUT,
            Code.UNSUPPORTED,
            Code.VERSION_UNSUPPORTED,
            Code.VERIFY_FIFO_MESSAGE_UNSUPPORTED));
    // Those for which the client has no exception of their own.
    all(
        UNKNOWN,
        List.of(
            Code.CODE_UNSPECIFIED,
            Code.ILLEGAL_OFFSET,
            Code.OFFSET_NOT_FOUND,
            Code.REQUEST_TIMEOUT,
            Code.PRECONDITION_FAILED,
            Code.NOT_IMPLEMENTED,
            Code.FAILED_TO_CONSUME_MESSAGE));
  }

  private static void all(Verdict verdict, List<Code> codes) {
    codes.forEach(code -> CODES.put(code, verdict));
  }

  private static ClientException answered(Code code, String text) {
    Metadata head = new Metadata();
    head.put(
        Metadata.Key.of(Signature.REQUEST_ID_KEY, Metadata.ASCII_STRING_MARSHALLER), "request");
    RpcFuture<String, String> request =
        new RpcFuture<>(
            new Context(new Endpoints("127.0.0.1:1"), head),
            "request",
            Futures.immediateFuture("response"));
    apache.rocketmq.v2.Status status =
        apache.rocketmq.v2.Status.newBuilder().setCode(code).setMessage(text).build();
    return assertThrows(ClientException.class, () -> StatusChecker.check(status, request));
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OK", "MULTIPLE_RESULTS", "UNRECOGNIZED"})
  void eachCodeOfAnAnswerHasItsVerdict(Code code) {
    Verdict expected = CODES.get(code);
    assertNotNull(expected, () -> code + " is new: decide what it proves, and add it here");
    ClientException failure = answered(code, "said");
    assertEquals(expected, RocketVerdicts.of(failure, false));
    assertEquals(expected, RocketVerdicts.of(new CompletionException(failure), false));
    assertTrue(RocketVerdicts.isAnswer(failure));
  }

  @Test
  void theDocsSayTheSameOfEachCode() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "transports.md"));
    String section = document.substring(document.indexOf("### RocketMQ"));
    List<String> rows = section.lines().takeWhile(line -> !line.startsWith("## ")).toList();
    CODES.forEach(
        (code, verdict) -> {
          boolean said =
              rows.stream()
                  .anyMatch(
                      row ->
                          row.contains("`" + code + "`") && row.contains(" | " + verdict + " | "));
          assertTrue(said, "no row of docs/transports.md says that " + code + " is " + verdict);
        });
  }

  @Test
  void aStatusThatTheClientDoesNotKnowIsUnknown() {
    Throwable later = new ClientException(47_123, "request", "a code of the future");
    assertEquals(UNKNOWN, RocketVerdicts.of(later, false));
  }

  static Stream<Arguments> failuresOfTheClient() {
    return Stream.of(
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

  static Stream<Arguments> endsOfTheWay() {
    return Stream.of(
        Arguments.of("nobody listens", unavailable(new ConnectException("refused")), NOT_STORED),
        Arguments.of("no route", unavailable(new NoRouteToHostException("no")), NOT_STORED),
        Arguments.of(
            "no such host",
            unavailable(new RuntimeException(new UnknownHostException("h"))),
            NOT_STORED),
        Arguments.of(
            "a certificate that is not accepted",
            unavailable(
                new SSLHandshakeException("no").initCause(new CertificateExpiredException("old"))),
            NOT_STORED),
        Arguments.of(
            "a TLS alert of the other side",
            unavailable(new SSLHandshakeException("Received fatal alert: internal_error")),
            UNKNOWN),
        Arguments.of("cut", unavailable(new IOException("Connection reset by peer")), UNKNOWN),
        Arguments.of("closed", Status.UNAVAILABLE.asRuntimeException(), UNKNOWN),
        Arguments.of(
            "a deadline, whatever its cause",
            Status.DEADLINE_EXCEEDED.withCause(new ConnectException()).asRuntimeException(),
            UNKNOWN));
  }

  private static Throwable unavailable(Throwable cause) {
    return Status.UNAVAILABLE.withDescription("io exception").withCause(cause).asRuntimeException();
  }

  @ParameterizedTest(name = "{0} is {2}")
  @MethodSource({"failuresOfTheClient", "endsOfTheWay"})
  void eachFailureHasItsVerdict(String name, Throwable failure, Verdict expected) {
    assertEquals(expected, RocketVerdicts.of(failure, false), name);
    assertEquals(expected, RocketVerdicts.of(new CompletionException(failure), false), name);
    assertEquals(
        expected,
        RocketVerdicts.of(new ExecutionException(new ClientException(failure)), false),
        name + ", wrapped by future and client");
  }

  @ParameterizedTest
  @EnumSource(value = Status.Code.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void eachStatusOfGrpcIsUnknownByItself(Status.Code code) {
    Throwable failure = code.toStatus().asRuntimeException();
    assertEquals(UNKNOWN, RocketVerdicts.of(failure, false));
    assertEquals(UNKNOWN, RocketVerdicts.of(failure, true));
  }

  @Test
  void aTopicThatWasThereIsOnlyAway() {
    Throwable notFound = new NotFoundException(40402, "r", "No topic route info");
    assertEquals(NOT_STORED, RocketVerdicts.of(notFound, true));
    assertEquals(REFUSED, RocketVerdicts.of(notFound, false));
    Throwable untyped =
        new BadRequestException(
            40014,
            "r",
            "TopicMessageType validate failed, the expected type is UNSPECIFIED, but actual FIFO");
    assertEquals(NOT_STORED, RocketVerdicts.of(untyped, true));
    assertEquals(REFUSED, RocketVerdicts.of(untyped, false));
  }

  @Test
  void aTopicWithoutMasterIsNotForbiddenForEver() {
    Throwable away = new ForbiddenException(40300, "r", "no writable queue");
    assertEquals(NOT_STORED, RocketVerdicts.of(away, false));
  }

  @Test
  void aDescriptionIsOneLine() {
    String text = RocketVerdicts.described(new IllegalArgumentException("wrong\nsee https://x"));
    assertEquals("IllegalArgumentException: wrong", text);
  }
}
