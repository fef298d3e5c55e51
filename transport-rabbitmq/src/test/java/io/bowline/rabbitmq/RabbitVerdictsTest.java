// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.net.ConnectException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the rows of {@link RabbitRowTest} do not say. */
final class RabbitVerdictsTest {
  private static final Outgoing MESSAGE = Messages.message("m-1");

  @Test
  void tooLargeIsRefusedForTheLargeOneOnly() {
    var reason = Signals.channel(406, Signals.LARGER_THAN_10);
    holds(Verdict.REFUSED, RabbitVerdicts.cut(Messages.sized(11), reason));
    holds(Verdict.UNKNOWN, RabbitVerdicts.cut(Messages.sized(10), reason));
    assertEquals(OptionalInt.of(10), RabbitVerdicts.largestTaken(reason));
    assertEquals(
        OptionalInt.of(5),
        RabbitVerdicts.largestTaken(
            Signals.channel(406, "message size 7 is larger than max size 5")));
    assertEquals(
        OptionalInt.empty(),
        RabbitVerdicts.largestTaken(Signals.channel(404, Signals.LARGER_THAN_10)));
  }

  @Test
  void theExchangeOfARefusalIsRead() {
    String text = "ACCESS_REFUSED - write access to exchange 'orders' in vhost '/' refused";
    assertTrue(RabbitVerdicts.names(Signals.channel(403, text), "orders"));
    assertFalse(RabbitVerdicts.names(Signals.channel(403, text), "order"));
    assertFalse(RabbitVerdicts.names(Signals.channel(406, text), "orders"));
  }

  @Test
  void aQuestionIsRefusedByTheBrokersWordOnly() {
    for (int code : new int[] {403, 404, 405, 406}) {
      holds(
          Verdict.REFUSED, RabbitVerdicts.asking("x", new IOException(Signals.channel(code, "t"))));
    }
    holds(Verdict.UNKNOWN, RabbitVerdicts.asking("x", new IOException(Signals.channel(541, "t"))));
    holds(Verdict.UNKNOWN, RabbitVerdicts.asking("x", new IOException("gone")));
  }

  @Test
  void ofSeveralHostsTheOneThatRefusesCounts() {
    Map<String, Exception> seen = new LinkedHashMap<>();
    seen.put("a:5672", new ConnectException("Connection refused"));
    seen.put("b:5672", new IOException(Signals.connection(403, "ACCESS_REFUSED")));
    TransportException failure = ConnectFailures.failure("[a, b]", new NoHostException(seen));
    holds(Verdict.REFUSED, failure);
    String text = String.valueOf(failure.getMessage());
    assertTrue(text.contains("403 ACCESS_REFUSED"), text);
  }

  @Test
  void ofSeveralSilentHostsEachIsNamed() {
    Map<String, Exception> seen = new LinkedHashMap<>();
    seen.put("a:5672", new ConnectException("Connection refused"));
    seen.put("b:5672", new IOException("No route"));
    TransportException failure = ConnectFailures.failure("[a, b]", new NoHostException(seen));
    holds(Verdict.UNKNOWN, failure);
    String text = String.valueOf(failure.getMessage());
    assertTrue(text.contains("a:5672 ConnectException") && text.contains("b:5672 IO"), text);
  }

  @Test
  void everyFailureNamesItsMessageAndPlace() {
    String text = String.valueOf(RabbitVerdicts.nacked(MESSAGE).getMessage());
    assertTrue(text.startsWith("Message m-1 to orders, lane 3,"), text);
  }

  private static void holds(Verdict expected, TransportException failure) {
    assertEquals(expected, failure.verdict(), failure.getMessage());
  }
}
