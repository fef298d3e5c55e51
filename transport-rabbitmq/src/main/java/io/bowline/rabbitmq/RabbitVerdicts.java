// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a failure proves about a message: the table in {@code docs/transport-rabbitmq.md}, row by
 * row. UNKNOWN unless the opposite is proven.
 */
final class RabbitVerdicts {
  /** "message size 20971520 is larger than configured max size 16777216". */
  private static final Pattern TOO_LARGE =
      Pattern.compile("message size (\\d+) is larger than (?:configured )?max size (\\d+)");

  private RabbitVerdicts() {}

  /** The broker gave the message back. Then it did not reach any queue. */
  static TransportException returned(Outgoing message, int code, String text) {
    if (code != AMQP.NO_ROUTE) {
      return failed(Verdict.UNKNOWN, message, "was returned: " + code + " " + text, "look it up");
    }
    return failed(
        Verdict.NOT_STORED,
        message,
        "was returned as unroutable (312 " + text + ")",
        "no group has a queue for this lane: ensure the topic with its groups, or start a consumer,"
            + " before the first send");
  }

  /**
   * A queue refused it. The others that the exchange routes to may have taken it, and AMQP does not
   * tell how many there are.
   */
  static TransportException nacked(Outgoing message) {
    return failed(
        Verdict.UNKNOWN,
        message,
        "was refused by a queue (basic.nack)",
        "a queue is full (x-overflow=reject-publish) or failing; copies may lie in other queues");
  }

  /** The channel, or the connection below it, ended before the answer. */
  static TransportException cut(Outgoing message, ShutdownSignalException reason) {
    if (provesTooLarge(message, reason)) {
      return failed(
          Verdict.REFUSED,
          message,
          "is larger than RabbitMQ takes: " + describe(reason),
          "raise max_message_size there, or send a reference instead");
    }
    return failed(
        Verdict.UNKNOWN,
        message,
        "was under way when RabbitMQ went: " + describe(reason),
        "it may be stored; send it again under the same id");
  }

  /**
   * The only message to an exchange that nothing reached yet, and the broker names this exchange.
   */
  static TransportException forbidden(Outgoing message, ShutdownSignalException reason) {
    return failed(
        Verdict.REFUSED,
        message,
        "was refused: " + describe(reason),
        "grant write permission on the exchange, or make the topic first");
  }

  /** Published, and the broker was silent. */
  static TransportException late(Outgoing message, Duration waited, String trouble) {
    return failed(
        Verdict.UNKNOWN,
        message,
        "was published, but not confirmed within " + waited + trouble,
        "it may be stored; a quorum queue without a majority answers like that");
  }

  /** Still in the queue of the publisher, which alone could have written it. */
  static TransportException neverPublished(Outgoing message, Duration waited, String trouble) {
    return failed(
        Verdict.NOT_STORED,
        message,
        "could not be published within " + waited + trouble,
        "check that RabbitMQ can be reached and has no alarm");
  }

  /** Too many are under way already. */
  static TransportException full(Outgoing message, String bound) {
    return failed(
        Verdict.NOT_STORED,
        message,
        "found the send queue full (" + bound + ")",
        "send slower, or raise max.outstanding.messages or max.outstanding.bytes");
  }

  /** What never can be written, or may not be any more. */
  static TransportException refused(Outgoing message, String seen, String advice) {
    return failed(Verdict.REFUSED, message, seen, advice);
  }

  /** No connection came about. */
  static TransportException connecting(String target, Throwable seen) {
    if (seen instanceof PossibleAuthenticationFailureException
        || seen instanceof AuthenticationFailureException
        || code(seen).orElse(0) == AMQP.ACCESS_REFUSED) {
      return new TransportException(
          Verdict.REFUSED,
          "RabbitMQ at "
              + target
              + " refused the user or password; guest may log in from the"
              + " broker's own machine only",
          seen);
    }
    // 530 also stands for a limit of connections, which passes.
    if (code(seen).orElse(0) == AMQP.NOT_ALLOWED && !describe(seen).contains("limit")) {
      return new TransportException(
          Verdict.REFUSED,
          "RabbitMQ at "
              + target
              + " refused the virtual host: "
              + describe(seen)
              + "; make it, or grant the user access",
          seen);
    }
    return new TransportException(
        Verdict.UNKNOWN,
        "No RabbitMQ answered at "
            + target
            + ": "
            + describe(seen)
            + "; check that one runs there and that the port is AMQP's",
        seen);
  }

  /** A question or declaration failed. */
  static TransportException asking(String what, Throwable seen) {
    int code = code(seen).orElse(0);
    boolean refused =
        code == AMQP.NOT_FOUND
            || code == AMQP.ACCESS_REFUSED
            || code == AMQP.PRECONDITION_FAILED
            || code == AMQP.RESOURCE_LOCKED;
    return new TransportException(
        refused ? Verdict.REFUSED : Verdict.UNKNOWN,
        "RabbitMQ was asked to " + what + " and answered: " + describe(seen),
        seen);
  }

  /** The reply code of the broker, if it sent one. */
  static OptionalInt code(@Nullable Throwable seen) {
    Method reason = reason(seen);
    if (reason instanceof AMQP.Channel.Close close) {
      return OptionalInt.of(close.getReplyCode());
    }
    if (reason instanceof AMQP.Connection.Close close) {
      return OptionalInt.of(close.getReplyCode());
    }
    return OptionalInt.empty();
  }

  /** The reply text of the broker, or what the client says. */
  static String describe(@Nullable Throwable seen) {
    Method reason = reason(seen);
    if (reason instanceof AMQP.Channel.Close close) {
      return close.getReplyCode() + " " + close.getReplyText();
    }
    if (reason instanceof AMQP.Connection.Close close) {
      return close.getReplyCode() + " " + close.getReplyText();
    }
    if (seen == null) {
      return "nothing yet";
    }
    Throwable cause = seen.getCause();
    String why = cause == null || cause == seen ? "" : " (" + describe(cause) + ")";
    return seen.getClass().getSimpleName() + ": " + seen.getMessage() + why;
  }

  /** The largest body that the broker said it takes, if it closed the channel over a larger one. */
  static OptionalInt largestTaken(ShutdownSignalException reason) {
    Matcher found = TOO_LARGE.matcher(describe(reason));
    return code(reason).orElse(0) == AMQP.PRECONDITION_FAILED && found.find()
        ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, Long.parseLong(found.group(2))))
        : OptionalInt.empty();
  }

  /** Whether the broker closed the channel over this exchange: missing, or not allowed. */
  static boolean names(ShutdownSignalException reason, String exchange) {
    int code = code(reason).orElse(0);
    return (code == AMQP.NOT_FOUND || code == AMQP.ACCESS_REFUSED)
        && describe(reason).contains("exchange '" + exchange + "'");
  }

  private static boolean provesTooLarge(Outgoing message, ShutdownSignalException reason) {
    OptionalInt taken = largestTaken(reason);
    return taken.isPresent() && message.body().length > taken.getAsInt();
  }

  private static @Nullable Method reason(@Nullable Throwable seen) {
    Throwable at = seen;
    for (int depth = 0; at != null && depth < 8; depth++) {
      if (at instanceof ShutdownSignalException signal) {
        return signal.getReason();
      }
      at = at.getCause();
    }
    return null;
  }

  private static TransportException failed(
      Verdict verdict, Outgoing message, String seen, String advice) {
    return new TransportException(
        verdict,
        "Message %s to %s, lane %d, %s; %s"
            .formatted(message.messageId(), message.topic(), message.lane(), seen, advice));
  }
}
