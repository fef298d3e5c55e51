// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
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
    if (cause instanceof NotFoundException) {
      return topicSeen ? Verdict.NOT_STORED : Verdict.REFUSED;
    }
    if (cause instanceof ClientException) {
      return isRefusal(cause) ? Verdict.REFUSED : Verdict.UNKNOWN;
    }
    return ofTheClientItself(cause);
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
