// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.rocketmq.client.apis.ClientException;
import org.apache.rocketmq.client.java.exception.BadRequestException;
import org.apache.rocketmq.client.java.exception.ForbiddenException;
import org.apache.rocketmq.client.java.exception.LiteSubscriptionQuotaExceededException;
import org.apache.rocketmq.client.java.exception.LiteTopicQuotaExceededException;
import org.apache.rocketmq.client.java.exception.NotFoundException;
import org.apache.rocketmq.client.java.exception.PayloadEmptyException;
import org.apache.rocketmq.client.java.exception.PayloadTooLargeException;
import org.apache.rocketmq.client.java.exception.PaymentRequiredException;
import org.apache.rocketmq.client.java.exception.RequestHeaderFieldsTooLargeException;
import org.apache.rocketmq.client.java.exception.TooManyRequestsException;
import org.apache.rocketmq.client.java.exception.UnauthorizedException;
import org.apache.rocketmq.shaded.io.grpc.Status;
import org.apache.rocketmq.shaded.io.grpc.StatusRuntimeException;

/**
 * What each failure of the client proves: the table of {@code docs/transport-rocketmq.md}.
 *
 * <p>Everything that is not listed is UNKNOWN, above all these, which the broker counts as stored
 * while the client throws: {@code MASTER_PERSISTENCE_TIMEOUT} (FLUSH_DISK_TIMEOUT), {@code
 * SLAVE_PERSISTENCE_TIMEOUT} (FLUSH_SLAVE_TIMEOUT), both a ProxyTimeoutException, and {@code
 * HA_NOT_AVAILABLE} (SLAVE_NOT_AVAILABLE), an InternalErrorException.
 */
final class RocketVerdicts {
  private RocketVerdicts() {}

  /**
   * The verdict.
   *
   * @param topicSeen whether the topic is known to have existed: then "not found" means that its
   *     brokers are away just now, for a restarting broker takes seconds to show its topics again
   */
  static Verdict of(Throwable failure, boolean topicSeen) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof TransportException ours) {
      return ours.verdict();
    }
    if (cause instanceof TooManyRequestsException) {
      return Verdict.NOT_STORED;
    }
    if (cause instanceof NotFoundException || speaksOfNoTopic(cause)) {
      return topicSeen ? Verdict.NOT_STORED : Verdict.REFUSED;
    }
    if (cause instanceof ForbiddenException && says(cause, "no writable queue")) {
      return Verdict.NOT_STORED;
    }
    if (cause instanceof ClientException) {
      return isRefusal(cause) ? Verdict.REFUSED : Verdict.UNKNOWN;
    }
    return wasNeverSent(cause) ? Verdict.NOT_STORED : ofTheClientItself(cause);
  }

  /** A proxy knows no type of a topic whose brokers are away; topics of ours have one. */
  private static boolean speaksOfNoTopic(Throwable cause) {
    return cause instanceof BadRequestException && says(cause, "expected type is UNSPECIFIED");
  }

  private static boolean says(Throwable cause, String words) {
    return String.valueOf(cause.getMessage()).contains(words);
  }

  /** Whether a proxy answered, whatever it said. */
  static boolean isAnswer(Throwable failure) {
    Throwable cause = unwrapped(failure);
    return cause instanceof ClientException && cause.getClass() != ClientException.class;
  }

  static boolean isTooBusy(Throwable failure) {
    return unwrapped(failure) instanceof TooManyRequestsException;
  }

  /** Whether a request had no answer in its time. */
  static boolean isDeadline(Throwable failure) {
    return unwrapped(failure) instanceof StatusRuntimeException status
        && status.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  /** Whether there was no connection, or it broke. */
  static boolean isCut(Throwable failure) {
    return unwrapped(failure) instanceof StatusRuntimeException status
        && status.getStatus().getCode() == Status.Code.UNAVAILABLE;
  }

  /**
   * Whether the client had no connection to send it by. gRPC gives a request the reason why
   * connecting failed only if it never had a connection; one that was under way on a connection
   * gets the reason for which that broke, which is none of these.
   */
  private static boolean wasNeverSent(Throwable cause) {
    if (!isCut(cause)) {
      return false;
    }
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof ConnectException
          || at instanceof NoRouteToHostException
          || at instanceof UnknownHostException) {
        return true;
      }
    }
    return provesNoTrust(cause);
  }

  /** The 4xx family: the proxy or broker read the request and would not have it. */
  private static boolean isRefusal(Throwable cause) {
    return cause instanceof BadRequestException
        || cause instanceof UnauthorizedException
        || cause instanceof ForbiddenException
        || cause instanceof PaymentRequiredException
        || cause instanceof PayloadTooLargeException
        || cause instanceof PayloadEmptyException
        || cause instanceof RequestHeaderFieldsTooLargeException
        || cause instanceof LiteTopicQuotaExceededException
        || cause instanceof LiteSubscriptionQuotaExceededException;
  }

  /** What the client throws before it sends anything; known by text where the type is common. */
  private static Verdict ofTheClientItself(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (cause instanceof IllegalArgumentException) {
      return text.startsWith("No writable message queue") ? Verdict.NOT_STORED : Verdict.REFUSED;
    }
    if (cause instanceof IOException && text.startsWith("Message body size exceeds")) {
      return Verdict.REFUSED;
    }
    if (cause instanceof IllegalStateException && text.startsWith("Producer is not running")) {
      return Verdict.REFUSED;
    }
    return Verdict.UNKNOWN;
  }

  /** The failure itself, without the wrappers of futures, of start-up and of the client. */
  static Throwable unwrapped(Throwable failure) {
    Throwable at = failure;
    for (Throwable cause = at.getCause(); cause != null && wraps(at); cause = at.getCause()) {
      at = cause;
    }
    return at;
  }

  /**
   * Whether a certificate was not accepted here: then nothing else was said to that server. A TLS
   * alert of the other side proves nothing, for it may come after the first request.
   */
  static boolean provesNoTrust(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof CertificateException
          || at instanceof CertPathBuilderException
          || at instanceof CertPathValidatorException) {
        return true;
      }
    }
    return false;
  }

  private static boolean wraps(Throwable failure) {
    boolean startup =
        failure instanceof IllegalStateException
            && String.valueOf(failure.getMessage()).startsWith("Expected the service");
    boolean routes =
        failure.getClass() == RuntimeException.class
            && String.valueOf(failure.getMessage()).startsWith("Failed to fetch topics");
    return failure instanceof CompletionException
        || failure instanceof ExecutionException
        || failure.getClass() == ClientException.class
        || startup
        || routes;
  }

  /** Type and first line, for people: the client's texts end in links and stack traces. */
  static String described(Throwable failure) {
    Throwable cause = unwrapped(failure);
    String text = String.valueOf(cause.getMessage());
    int end = text.indexOf('\n');
    return cause.getClass().getSimpleName() + ": " + (end < 0 ? text : text.substring(0, end));
  }
}
