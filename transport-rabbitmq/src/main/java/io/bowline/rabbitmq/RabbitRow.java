// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What can become of a publish and of opening a connection, what that proves, and why: the table in
 * {@code docs/transports.md}, row by row. UNKNOWN unless the opposite is proven.
 */
enum RabbitRow {
  ACKED(
      null,
      "`basic.ack`, and no `basic.return` before it",
      "a majority of each bound quorum queue has it"),
  UNROUTABLE(
      Verdict.NOT_STORED,
      "`basic.return` 312 NO_ROUTE",
      "it comes before the confirm, and only if no queue took the message"),
  RETURNED(
      Verdict.UNKNOWN,
      "`basic.return` with any other code",
      "RabbitMQ sends none; what it would mean is not known"),
  NACKED(
      Verdict.UNKNOWN,
      "`basic.nack`",
      "one queue refused it (full, with `reject-publish`) or failed; AMQP does not tell whether"
          + " another took it"),
  LATE(
      Verdict.UNKNOWN,
      "written, no answer within the confirm timeout",
      "a quorum queue without a majority is silent, and may store it later"),
  CHANNEL_CLOSED(
      Verdict.UNKNOWN,
      "channel closed by the broker: 403, 404, 405, 406 or another code",
      "it names one message or none of all that were under way"),
  EXCHANGE_REFUSED(
      Verdict.REFUSED,
      "– with 403 or 404 that names the exchange, no answer from it on this channel before, and one"
          + " message to it under way",
      "only that message can have been meant"),
  TOO_LARGE(
      Verdict.REFUSED,
      "– with 406 `message size … is larger than … max size …`, for messages larger than that",
      "the broker checks the size before it routes; the limit is learnt"),
  CONNECTION_CLOSED(
      Verdict.UNKNOWN,
      "connection closed by the broker: 320, 501 to 506, 530, 540, 541 or another code",
      "what was read before may be stored"),
  CONNECTION_LOST(
      Verdict.UNKNOWN,
      "connection lost: end of stream, reset, missed heartbeats, a TLS failure",
      "what was written may have been read"),
  ENDED_BY_US(
      Verdict.UNKNOWN,
      "channel or connection closed on this side: `close` of the transport, a failed callback",
      "the same"),
  WRITE_FAILED(
      Verdict.UNKNOWN,
      "`IOException` or another exception from `basicPublish` or the flush",
      "a part, or all, may have been written"),
  WRITE_STUCK(
      Verdict.UNKNOWN,
      "a write that lasts longer than `write.timeout`: the connection is cut",
      "the same"),
  BEHIND(
      Verdict.NOT_STORED,
      "not written, behind a message of its lane that was under way when the channel ended or had"
          + " no answer in time; `AlreadyClosedException`",
      "only the publishing thread writes, and had not begun; the client looks before the first"
          + " byte"),
  UNWRITABLE(
      Verdict.REFUSED,
      "`IllegalArgumentException` from `basicPublish`: headers larger than `frame_max`, a name of"
          + " more than 255 bytes",
      "the client encodes both before it writes the first byte"),
  UNPUBLISHED(
      Verdict.NOT_STORED,
      "no connection, or no answer to a lookup of the topic, until the confirm timeout ended",
      "only the publishing thread writes, and had not begun"),
  BLOCKED(
      Verdict.NOT_STORED,
      "`connection.blocked` (memory or disk alarm) until the confirm timeout ended",
      "nothing is written while the broker says that it takes nothing"),
  FULL(
      Verdict.NOT_STORED,
      "`max.outstanding.messages` or `max.outstanding.bytes` reached",
      "it was not taken in"),
  NO_TOPIC(Verdict.REFUSED, "no exchange of that name; a lane that it has not", "not written"),
  REFUSED_BEFORE(
      Verdict.REFUSED, "403 from this exchange within the last 10 s", "not written again"),
  NOT_ALLOWED(
      Verdict.REFUSED,
      "a body over `max.message.bytes`, a reserved header, a topic of more than 255 bytes",
      "not written"),
  CLOSED(Verdict.REFUSED, "the transport was closed before", "not written"),
  WRONG_CREDENTIALS(
      Verdict.REFUSED,
      "opening: `AuthenticationFailureException` (403)",
      "the broker refused the user, the password or the certificate's name"),
  NO_VHOST(
      Verdict.REFUSED,
      "opening: 530 without the word limit",
      "the virtual host is missing, or not this user's"),
  LIMIT(Verdict.UNKNOWN, "opening: 530 with the word limit", "others may leave"),
  CUT_AT_LOGIN(
      Verdict.UNKNOWN,
      "opening: `PossibleAuthenticationFailureException`",
      "the connection ended during the login without a word; RabbitMQ says 403 if it refuses"),
  NO_MECHANISM(
      Verdict.REFUSED,
      "opening: no authentication mechanism in common",
      "the broker named those that it takes"),
  TLS_REFUSED(
      Verdict.REFUSED,
      "opening: a TLS handshake that failed over a certificate, a name, a version or an alert",
      "the next try would fail as well"),
  NO_TLS(Verdict.REFUSED, "opening: no TLS on that port", "what answered is no TLS"),
  ONLY_TLS(
      Verdict.REFUSED,
      "opening: AMQP without TLS to a port of TLS",
      "a second connection to it agreed on TLS"),
  UNREACHABLE(
      Verdict.UNKNOWN,
      "opening: all else, such as a refused or silent connection",
      "it may come; every address and what was seen there is named");

  private final @Nullable Verdict verdict;
  private final String seen;
  private final String evidence;

  RabbitRow(@Nullable Verdict verdict, String seen, String evidence) {
    this.verdict = verdict;
    this.seen = seen;
    this.evidence = evidence;
  }

  /** What it proves; UNKNOWN where a failure would have no business to be. */
  Verdict verdict() {
    return verdict == null ? Verdict.UNKNOWN : verdict;
  }

  /** As the documentation has it. */
  String documented() {
    String outcome = verdict == null ? "CONFIRMED" : verdict.name();
    return "| " + seen + " | " + outcome + " | " + evidence + " |";
  }
}
