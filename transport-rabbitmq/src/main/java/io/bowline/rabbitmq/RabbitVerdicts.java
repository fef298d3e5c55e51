// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import io.bowline.transport.Outgoing;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the {@link RabbitRow} of what became of a message, and tells it for people. */
final class RabbitVerdicts {
  /** "message size 20971520 is larger than configured max size 16777216". */
  private static final Pattern TOO_LARGE =
      Pattern.compile("message size (\\d+) is larger than (?:configured )?max size (\\d+)");

  private RabbitVerdicts() {}

  /** The broker gave the message back. */
  static TransportException returned(Outgoing message, int code, String text) {
    if (code != AMQP.NO_ROUTE) {
      String seen = "was returned: " + code + " " + text;
      return failed(RabbitRow.RETURNED, message, seen, "look it up");
    }
    return failed(
        RabbitRow.UNROUTABLE,
        message,
        "was returned as unroutable (312 " + text + ")",
        "no group has a queue for this lane: ensure the topic with its groups, or start a consumer,"
            + " before the first send");
  }

  /** A queue refused it. */
  static TransportException nacked(Outgoing message) {
    return failed(
        RabbitRow.NACKED,
        message,
        "was refused by a queue (basic.nack)",
        "a queue is full (x-overflow=reject-publish) or failing; copies may lie in other queues");
  }

  /** The channel, or the connection below it, ended before the answer. */
  static TransportException cut(Outgoing message, ShutdownSignalException reason) {
    RabbitRow row = end(reason);
    if (row == RabbitRow.CHANNEL_CLOSED && provesTooLarge(message, reason)) {
      return failed(
          RabbitRow.TOO_LARGE,
          message,
          "is larger than RabbitMQ takes: " + describe(reason),
          "raise max_message_size there, or send a reference instead");
    }
    return failed(
        row,
        message,
        "was under way when RabbitMQ went: " + describe(reason),
        "it may be stored; send it again under the same id");
  }

  /** How a channel ended. */
  static RabbitRow end(ShutdownSignalException reason) {
    if (reason.isInitiatedByApplication()) {
      return writing(reason.getCause());
    }
    if (reason.getReason() instanceof AMQP.Channel.Close) {
      return RabbitRow.CHANNEL_CLOSED;
    }
    return reason.getReason() instanceof AMQP.Connection.Close
        ? RabbitRow.CONNECTION_CLOSED
        : RabbitRow.CONNECTION_LOST;
  }

  private static RabbitRow writing(@Nullable Throwable why) {
    if (why instanceof StuckWriteException) {
      return RabbitRow.WRITE_STUCK;
    }
    return why == null || why instanceof ClosedHereException
        ? RabbitRow.ENDED_BY_US
        : RabbitRow.WRITE_FAILED;
  }

  /**
   * The only message to an exchange that nothing reached yet, and the broker names this exchange.
   */
  static TransportException forbidden(Outgoing message, ShutdownSignalException reason) {
    return failed(
        RabbitRow.EXCHANGE_REFUSED,
        message,
        "was refused: " + describe(reason),
        "grant write permission on the exchange, or make the topic first");
  }

  /** It provably was not written when its channel ended. */
  static TransportException behind(Outgoing message) {
    return behind(message, "");
  }

  /** The same, with why sends wait. */
  static TransportException behind(Outgoing message, String trouble) {
    return failed(
        RabbitRow.BEHIND,
        message,
        "was not written yet when one of its lane before it failed" + trouble,
        "send it again after that one");
  }

  /** The client cannot encode it. */
  static TransportException unwritable(Outgoing message, IllegalArgumentException why) {
    return failed(
        RabbitRow.UNWRITABLE,
        message,
        "cannot be written: " + why.getMessage(),
        "move what is long from the headers into the body");
  }

  /** Published, and the broker was silent. */
  static TransportException late(Outgoing message, Duration waited, String trouble) {
    return failed(
        RabbitRow.LATE,
        message,
        "was published, but not confirmed within " + waited + trouble,
        "it may be stored; a quorum queue without a majority answers like that");
  }

  /** Still in the queue of the publisher, which alone could have written it. */
  static TransportException neverPublished(
      Outgoing message, Duration waited, Trouble whileWaiting) {
    return failed(
        whileWaiting.blocked() ? RabbitRow.BLOCKED : RabbitRow.UNPUBLISHED,
        message,
        "could not be published within " + waited + whileWaiting.text(),
        "check that RabbitMQ can be reached and has no alarm");
  }

  /**
   * Why sends wait.
   *
   * @param blocked whether the broker said that it takes nothing
   * @param text to be put behind a sentence; empty if nothing is wrong
   */
  record Trouble(boolean blocked, String text) {}

  /** Too many are under way already. */
  static TransportException full(Outgoing message, String bound) {
    return failed(
        RabbitRow.FULL,
        message,
        "found the send queue full (" + bound + ")",
        "send slower, or raise max.outstanding.messages or max.outstanding.bytes");
  }

  /** What never can be written, or may not be any more. */
  static TransportException refused(RabbitRow row, Outgoing message, String seen, String advice) {
    return failed(row, message, seen, advice);
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
    return BrokerAnswer.in(seen).code();
  }

  /** The reply text of the broker, or what the client says. */
  static String describe(@Nullable Throwable seen) {
    return BrokerAnswer.in(seen).text();
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

  private static TransportException failed(
      RabbitRow row, Outgoing message, String seen, String advice) {
    return new TransportException(
        row.verdict(),
        "Message "
            + message.messageId()
            + " to "
            + message.topic()
            + ", lane "
            + message.lane()
            + ", "
            + seen
            + "; "
            + advice);
  }

  /** This side ended the channel. */
  static final class ClosedHereException extends IOException {
    private static final long serialVersionUID = 1;

    ClosedHereException(String why) {
      super(why);
    }
  }

  /** This side cut the connection, since a write did not end. */
  static final class StuckWriteException extends IOException {
    private static final long serialVersionUID = 1;

    StuckWriteException(String why) {
      super(why);
    }
  }
}
