// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Finds the {@link RabbitRow} of a connection that did not come about, and what to do about it. */
final class ConnectFailures {
  private static final Map<RabbitRow, String> ADVICE =
      Map.of(
          RabbitRow.WRONG_CREDENTIALS,
          "check user and password (or the certificate's name); guest may log in from the broker's"
              + " own machine only",
          RabbitRow.NO_VHOST,
          "make the virtual host, or grant the user access to it",
          RabbitRow.NO_MECHANISM,
          "set sasl.mechanism to one that the broker takes",
          RabbitRow.TLS_REFUSED,
          "check ssl.trust.store, the certificate's names and dates, and ssl.key.store",
          RabbitRow.NO_TLS,
          "use rabbitmq:// for a port without TLS",
          RabbitRow.ONLY_TLS,
          "use amqps:// for a port with TLS");

  /** Alerts of a server that is in trouble or leaving; all others would come again. */
  private static final Set<String> PASSING =
      Set.of("internal_error", "user_canceled", "close_notify");

  private static final String ALERT = "fatal alert: ";

  private ConnectFailures() {}

  /** No connection came about. */
  static TransportException failure(String target, Throwable seen) {
    RabbitRow row = row(seen);
    boolean refused = row.verdict() == Verdict.REFUSED;
    return new TransportException(
        row.verdict(),
        (refused
                ? "RabbitMQ at " + target + " cannot be used: "
                : "No RabbitMQ at " + target + ": ")
            + RabbitVerdicts.describe(seen)
            + "; "
            + ADVICE.getOrDefault(row, "check that one runs there and that the port is AMQP's"),
        seen);
  }

  static RabbitRow row(Throwable seen) {
    int code = RabbitVerdicts.code(seen).orElse(0);
    if (code == AMQP.NOT_ALLOWED) {
      // The same code stands for a limit of connections, which passes.
      boolean limit = RabbitVerdicts.describe(seen).contains("limit");
      return limit ? RabbitRow.LIMIT : RabbitRow.NO_VHOST;
    }
    if (code == AMQP.ACCESS_REFUSED || in(seen, AuthenticationFailureException.class) != null) {
      return RabbitRow.WRONG_CREDENTIALS;
    }
    if (in(seen, TlsPortException.class) != null) {
      return RabbitRow.ONLY_TLS;
    }
    SSLException tls = in(seen, SSLException.class);
    if (tls != null) {
      return tls(tls);
    }
    if (said(seen, "No compatible authentication mechanism")) {
      return RabbitRow.NO_MECHANISM;
    }
    return in(seen, PossibleAuthenticationFailureException.class) != null
        ? RabbitRow.CUT_AT_LOGIN
        : RabbitRow.UNREACHABLE;
  }

  private static RabbitRow tls(SSLException seen) {
    String text = String.valueOf(seen.getMessage());
    if (text.contains("Unsupported or unrecognized SSL message")) {
      return RabbitRow.NO_TLS;
    }
    int alert = text.indexOf(ALERT);
    boolean refusing = alert >= 0 && !PASSING.contains(text.substring(alert + ALERT.length()));
    boolean ours = in(seen, CertificateException.class) != null || text.contains("No appropriate");
    return refusing || ours ? RabbitRow.TLS_REFUSED : RabbitRow.UNREACHABLE;
  }

  private static boolean said(Throwable seen, String words) {
    return RabbitVerdicts.describe(seen).contains(words);
  }

  private static <T extends Throwable> @Nullable T in(Throwable seen, Class<T> type) {
    Throwable at = seen;
    for (int depth = 0; at != null && depth < 8; depth++) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
      at = at.getCause();
    }
    return null;
  }

  /** A port that was spoken to in plain AMQP speaks TLS. */
  static final class TlsPortException extends IOException {
    private static final long serialVersionUID = 1;

    TlsPortException(Throwable seen) {
      super("this port speaks TLS", seen);
    }
  }
}
