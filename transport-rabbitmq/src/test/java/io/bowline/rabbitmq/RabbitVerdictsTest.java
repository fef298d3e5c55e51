// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The rows of the table in docs/transport-rabbitmq.md. */
final class RabbitVerdictsTest {
  private static final String TOO_LARGE =
      "PRECONDITION_FAILED - message size 20 is larger than configured max size 10";
  private static final Outgoing MESSAGE = Messages.message("m-1");

  @Test
  void unroutableIsNotStored() {
    holds(Verdict.NOT_STORED, RabbitVerdicts.returned(MESSAGE, 312, "NO_ROUTE"));
  }

  @Test
  void anotherReturnIsUnknown() {
    holds(Verdict.UNKNOWN, RabbitVerdicts.returned(MESSAGE, 313, "NO_CONSUMERS"));
  }

  @Test
  void aNackIsUnknownSinceOtherQueuesMayHaveACopy() {
    holds(Verdict.UNKNOWN, RabbitVerdicts.nacked(MESSAGE));
  }

  @Test
  void silenceAfterPublishingIsUnknown() {
    holds(Verdict.UNKNOWN, RabbitVerdicts.late(MESSAGE, Duration.ofSeconds(3), ""));
  }

  @Test
  void neverPublishedIsNotStored() {
    holds(Verdict.NOT_STORED, RabbitVerdicts.neverPublished(MESSAGE, Duration.ofSeconds(3), ""));
  }

  @Test
  void aFullQueueIsNotStored() {
    holds(Verdict.NOT_STORED, RabbitVerdicts.full(MESSAGE, "10 messages"));
  }

  @Test
  void aLostConnectionIsUnknown() {
    ShutdownSignalException lost = new ShutdownSignalException(true, false, null, "connection");
    lost.initCause(new EOFException());
    holds(Verdict.UNKNOWN, RabbitVerdicts.cut(MESSAGE, lost));
    holds(Verdict.UNKNOWN, RabbitVerdicts.cut(MESSAGE, connectionClosed(320, "FORCED")));
  }

  @Test
  void aClosedChannelIsUnknownForWhatWasUnderWay() {
    holds(Verdict.UNKNOWN, RabbitVerdicts.cut(MESSAGE, channelClosed(404, "no exchange 'x'")));
    holds(Verdict.UNKNOWN, RabbitVerdicts.cut(MESSAGE, channelClosed(403, "ACCESS_REFUSED")));
    holds(Verdict.UNKNOWN, RabbitVerdicts.cut(MESSAGE, channelClosed(406, "other")));
    holds(Verdict.UNKNOWN, RabbitVerdicts.cut(MESSAGE, connectionClosed(541, "INTERNAL_ERROR")));
  }

  @Test
  void tooLargeIsRefusedForTheLargeOneOnly() {
    ShutdownSignalException reason = channelClosed(406, TOO_LARGE);
    holds(Verdict.REFUSED, RabbitVerdicts.cut(Messages.sized(20), reason));
    holds(Verdict.UNKNOWN, RabbitVerdicts.cut(Messages.sized(10), reason));
    assertEquals(OptionalInt.of(10), RabbitVerdicts.largestTaken(reason));
    assertEquals(
        OptionalInt.of(5),
        RabbitVerdicts.largestTaken(
            channelClosed(406, "message size 7 is larger than max size 5")));
    assertEquals(OptionalInt.empty(), RabbitVerdicts.largestTaken(channelClosed(404, TOO_LARGE)));
  }

  @Test
  void theExchangeOfARefusalIsRead() {
    String text = "ACCESS_REFUSED - write access to exchange 'orders' in vhost '/' refused";
    assertTrue(RabbitVerdicts.names(channelClosed(403, text), "orders"));
    assertFalse(RabbitVerdicts.names(channelClosed(403, text), "order"));
    assertFalse(RabbitVerdicts.names(channelClosed(406, text), "orders"));
    holds(Verdict.REFUSED, RabbitVerdicts.forbidden(MESSAGE, channelClosed(403, text)));
  }

  @Test
  void wrongCredentialsAreRefusedWithoutTellingThem() {
    holds(Verdict.REFUSED, connecting(new AuthenticationFailureException("refused")));
    holds(Verdict.REFUSED, connecting(new PossibleAuthenticationFailureException("closed")));
    holds(Verdict.REFUSED, connecting(new IOException(connectionClosed(403, "ACCESS_REFUSED"))));
  }

  @Test
  void aMissingVirtualHostIsRefused() {
    holds(
        Verdict.REFUSED,
        connecting(new IOException(connectionClosed(530, "NOT_ALLOWED - vhost x not found"))));
  }

  @Test
  void aConnectionLimitPasses() {
    holds(
        Verdict.UNKNOWN,
        connecting(new IOException(connectionClosed(530, "NOT_ALLOWED - limit (5) is reached"))));
  }

  @Test
  void nobodyThereIsUnknownAndNamed() {
    TransportException nobody = connecting(new ConnectException("Connection refused"));
    holds(Verdict.UNKNOWN, nobody);
    assertTrue(String.valueOf(nobody.getMessage()).contains("[host:5672]"), nobody.getMessage());
    holds(Verdict.UNKNOWN, connecting(new TimeoutException()));
  }

  @Test
  void aQuestionIsRefusedByTheBrokersWordOnly() {
    for (int code : new int[] {403, 404, 405, 406}) {
      holds(Verdict.REFUSED, RabbitVerdicts.asking("x", new IOException(channelClosed(code, "t"))));
    }
    holds(Verdict.UNKNOWN, RabbitVerdicts.asking("x", new IOException(channelClosed(541, "t"))));
    holds(Verdict.UNKNOWN, RabbitVerdicts.asking("x", new IOException("gone")));
  }

  @Test
  void everyFailureNamesItsMessageAndPlace() {
    String text = String.valueOf(RabbitVerdicts.nacked(MESSAGE).getMessage());
    assertTrue(text.startsWith("Message m-1 to orders, lane 3,"), text);
  }

  private static TransportException connecting(Throwable seen) {
    return RabbitVerdicts.connecting("[host:5672]", seen);
  }

  private static ShutdownSignalException channelClosed(int code, String text) {
    AMQP.Channel.Close close =
        new AMQP.Channel.Close.Builder().replyCode(code).replyText(text).build();
    return new ShutdownSignalException(false, false, close, "channel");
  }

  private static ShutdownSignalException connectionClosed(int code, String text) {
    AMQP.Connection.Close close =
        new AMQP.Connection.Close.Builder().replyCode(code).replyText(text).build();
    return new ShutdownSignalException(true, false, close, "connection");
  }

  private static void holds(Verdict expected, TransportException failure) {
    assertEquals(expected, failure.verdict(), failure.getMessage());
  }
}
