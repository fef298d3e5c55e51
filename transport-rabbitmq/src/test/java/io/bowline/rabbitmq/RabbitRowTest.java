// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.MissedHeartbeatException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.rabbitmq.ConnectFailures.TlsPortException;
import io.bowline.rabbitmq.RabbitVerdicts.ClosedHereException;
import io.bowline.rabbitmq.RabbitVerdicts.StuckWriteException;
import io.bowline.rabbitmq.RabbitVerdicts.Trouble;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row has what is seen, and what is made of it; a new row does not compile without. */
final class RabbitRowTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Outgoing MESSAGE = Messages.message("m-1");
  private static final Path DOCUMENT = Path.of("..", "docs", "transports.md");

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ACKED")
  void whatIsSeenProvesWhatTheRowSays(RabbitRow row) {
    List<TransportException> failures = failures(row).toList();
    assertTrue(!failures.isEmpty() || row == RabbitRow.ACKED);
    for (TransportException failure : failures) {
      assertEquals(row.verdict(), failure.verdict(), failure.getMessage());
    }
  }

  @Test
  void acknowledgedIsConfirmed() {
    Publication publication = Messages.publication("m", 0);
    publication.confirm();
    assertEquals("m", publication.outcome().join().messageId());
  }

  @ParameterizedTest
  @EnumSource
  void theDocumentationHasTheSameRow(RabbitRow row) throws IOException {
    assertTrue(
        Files.readAllLines(DOCUMENT).contains(row.documented()),
        "docs/transports.md lacks the line: " + row.documented());
  }

  @Test
  void theDocumentationHasNoOtherRow() throws IOException {
    String text = Files.readString(DOCUMENT);
    int start = text.indexOf("### RabbitMQ");
    int end = text.indexOf("\n#", start + 1);
    long rows =
        text.substring(start, end < 0 ? text.length() : end)
            .lines()
            .filter(line -> line.startsWith("| "))
            .count();
    assertEquals(RabbitRow.values().length, rows - 1, "rows below their heading");
  }

  private static Stream<TransportException> failures(RabbitRow row) {
    return switch (row) {
      case ACKED -> Stream.of();
      case UNROUTABLE -> Stream.of(RabbitVerdicts.returned(MESSAGE, 312, "NO_ROUTE"));
      case RETURNED -> Stream.of(RabbitVerdicts.returned(MESSAGE, 313, "NO_CONSUMERS"));
      case NACKED -> Stream.of(RabbitVerdicts.nacked(MESSAGE));
      case LATE -> Stream.of(RabbitVerdicts.late(MESSAGE, LONG, ""));
      case EXCHANGE_REFUSED ->
          Stream.of(RabbitVerdicts.forbidden(MESSAGE, Signals.channel(404, "no exchange 'x'")));
      case TOO_LARGE ->
          Stream.of(
              RabbitVerdicts.cut(Messages.sized(20), Signals.channel(406, Signals.LARGER_THAN_10)));
      case BEHIND -> Stream.of(RabbitVerdicts.behind(MESSAGE));
      case UNWRITABLE ->
          Stream.of(RabbitVerdicts.unwritable(MESSAGE, new IllegalArgumentException("too long")));
      case UNPUBLISHED ->
          Stream.of(RabbitVerdicts.neverPublished(MESSAGE, LONG, new Trouble(false, "")));
      case BLOCKED ->
          Stream.of(RabbitVerdicts.neverPublished(MESSAGE, LONG, new Trouble(true, " alarm")));
      case FULL -> Stream.of(RabbitVerdicts.full(MESSAGE, "10 messages"));
      case NO_TOPIC, REFUSED_BEFORE, NOT_ALLOWED, CLOSED ->
          Stream.of(RabbitVerdicts.refused(row, MESSAGE, "seen", "advice"));
      case CHANNEL_CLOSED, CONNECTION_CLOSED, CONNECTION_LOST, ENDED_BY_US ->
          ends(row).map(end -> cut(row, end));
      case WRITE_FAILED, WRITE_STUCK -> ends(row).map(end -> cut(row, end));
      default -> causes(row).map(cause -> opening(row, cause));
    };
  }

  private static Stream<ShutdownSignalException> ends(RabbitRow row) {
    return switch (row) {
      case CHANNEL_CLOSED ->
          Stream.of(403, 404, 405, 406, 541).map(code -> Signals.channel(code, "text"));
      case CONNECTION_CLOSED ->
          Stream.of(320, 501, 503, 504, 505, 506, 530, 540, 541)
              .map(code -> Signals.connection(code, "text"));
      case CONNECTION_LOST ->
          Stream.of(
                  new EOFException(),
                  new SocketException("Connection reset"),
                  new SocketTimeoutException(),
                  new SSLException("closed"),
                  new MissedHeartbeatException("missed"))
              .map(Signals::lost);
      case ENDED_BY_US ->
          Stream.of(Signals.ours(null), Signals.ours(new ClosedHereException("closed")));
      case WRITE_FAILED ->
          Stream.of(new IOException("Broken pipe"), new IllegalStateException()).map(Signals::ours);
      case WRITE_STUCK -> Stream.of(Signals.ours(new StuckWriteException("stuck")));
      default -> throw new AssertionError(row + " is no end of a channel");
    };
  }

  private static Stream<Exception> causes(RabbitRow row) {
    return switch (row) {
      case WRONG_CREDENTIALS ->
          Stream.of(
              new AuthenticationFailureException("refused"),
              new IOException(Signals.connection(403, "ACCESS_REFUSED")));
      case NO_VHOST ->
          Stream.of(new IOException(Signals.connection(530, "NOT_ALLOWED - vhost x not found")));
      case LIMIT ->
          Stream.of(new IOException(Signals.connection(530, "NOT_ALLOWED - limit (5) is reached")));
      case CUT_AT_LOGIN -> Stream.of(new PossibleAuthenticationFailureException("closed"));
      case NO_MECHANISM ->
          Stream.of(new IOException("No compatible authentication mechanism found - [PLAIN]"));
      case TLS_REFUSED ->
          Stream.of(
              handshake("PKIX path validation failed", new CertificateExpiredException()),
              handshake("Received fatal alert: bad_certificate", null),
              new IOException(Signals.lost(handshake("Received fatal alert: unknown_ca", null))));
      case NO_TLS -> Stream.of(new SSLException("Unsupported or unrecognized SSL message"));
      case ONLY_TLS -> Stream.of(new TlsPortException(new EOFException()));
      case UNREACHABLE ->
          Stream.of(
              new ConnectException("Connection refused"),
              new TimeoutException(),
              handshake("Received fatal alert: internal_error", null),
              handshake("Remote host terminated the handshake", new EOFException()));
      default -> throw new AssertionError(row + " is not about opening");
    };
  }

  private static TransportException cut(RabbitRow row, ShutdownSignalException reason) {
    assertEquals(row, RabbitVerdicts.end(reason), reason.getMessage());
    return RabbitVerdicts.cut(MESSAGE, reason);
  }

  private static TransportException opening(RabbitRow row, Exception seen) {
    assertEquals(row, ConnectFailures.row(seen), String.valueOf(seen));
    TransportException failure = ConnectFailures.failure("[host:5672]", seen);
    assertTrue(String.valueOf(failure.getMessage()).contains("[host:5672]"), failure.getMessage());
    Verdict wrapped = ConnectFailures.row(new NoHostException(Map.of("host:5672", seen))).verdict();
    assertEquals(row.verdict(), wrapped, "the same through the list of hosts");
    return failure;
  }

  private static Exception handshake(
      String message, @org.jspecify.annotations.Nullable Exception cause) {
    SSLHandshakeException failure = new SSLHandshakeException(message);
    var unused = cause == null ? failure : failure.initCause(cause);
    return failure;
  }
}
