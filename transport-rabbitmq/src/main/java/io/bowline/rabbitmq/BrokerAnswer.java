// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the client says: the broker's words, if it said any, or else the client's.
 *
 * @param code the reply code, if the broker closed a channel or connection
 * @param text for people; it holds no secret, since neither puts one in
 */
record BrokerAnswer(OptionalInt code, String text) {
  /** Causes of causes, so that a circle ends. */
  private static final int DEEPEST = 8;

  static BrokerAnswer in(@Nullable Throwable seen) {
    Throwable at = seen;
    for (int depth = 0; at != null && depth < DEEPEST; depth++) {
      if (at instanceof ShutdownSignalException signal) {
        Method reason = signal.getReason();
        if (reason instanceof AMQP.Channel.Close close) {
          return answer(close.getReplyCode(), close.getReplyText());
        }
        if (reason instanceof AMQP.Connection.Close close) {
          return answer(close.getReplyCode(), close.getReplyText());
        }
      }
      at = at.getCause();
    }
    return new BrokerAnswer(OptionalInt.empty(), words(seen, 0));
  }

  private static BrokerAnswer answer(int code, String text) {
    return new BrokerAnswer(OptionalInt.of(code), code + " " + text);
  }

  private static String words(@Nullable Throwable seen, int depth) {
    if (seen == null) {
      return "nothing yet";
    }
    if (seen instanceof NoHostException none) {
      return String.valueOf(none.getMessage());
    }
    Throwable cause = seen.getCause();
    String why = cause == null || depth == DEEPEST ? "" : " (" + words(cause, depth + 1) + ")";
    return seen.getClass().getSimpleName() + ": " + seen.getMessage() + why;
  }
}
