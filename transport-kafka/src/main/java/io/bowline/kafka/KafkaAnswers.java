// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.kafka.KafkaVerdicts.Moment;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for answers of Kafka's admin client. */
final class KafkaAnswers {
  private KafkaAnswers() {}

  /**
   * The answer.
   *
   * @param tried what was asked, of whom
   * @throws TransportException by the table; UNKNOWN if time ran out or the thread was interrupted,
   *     whose flag is set then
   */
  static <T> T await(KafkaFuture<T> answer, Duration atMost, String tried) {
    try {
      return answer.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw KafkaVerdicts.exception(Moment.ASKED, tried, cause == null ? e : cause);
    } catch (TimeoutException e) {
      throw KafkaVerdicts.exception(Moment.ASKED, tried, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(
          Verdict.UNKNOWN, tried + " was cut short by an interrupt of this thread.", e);
    }
  }
}
