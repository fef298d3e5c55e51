// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a failure comes from, in one line: the classes of the exception and its causes, each with
 * the frames at which it was thrown. No message of an exception, since that may hold data of users.
 * Pure.
 *
 * <pre>io.x.Failed at io.x.Beans.deduct:31 at io.x.Service.handle:9 &lt; java.io.IOException at …
 * </pre>
 */
final class StackSummary {
  /** The most bytes in UTF-8, but for the last character. */
  static final int MAX_BYTES = 2_000;

  private static final int FRAMES = 6;
  private static final int FRAMES_OF_A_CAUSE = 3;
  private static final int CAUSES = 4;

  private StackSummary() {}

  /** The summary; what cannot be read of an exception of a user is left out. */
  static String of(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Throwable next = failure;
    while (next != null && chain.size() <= CAUSES && !chain.contains(next)) {
      chain.add(next);
      next = causeOf(next);
    }
    StringBuilder text = new StringBuilder();
    for (Throwable each : chain) {
      text.append(text.isEmpty() ? "" : " < ").append(each.getClass().getName());
      int frames = text.indexOf(" < ") < 0 ? FRAMES : FRAMES_OF_A_CAUSE;
      StackTraceElement[] trace = traceOf(each);
      for (int i = 0; i < Math.min(frames, trace.length); i++) {
        append(trace[i], text);
      }
    }
    return ShortText.within(MAX_BYTES, text.toString());
  }

  private static void append(StackTraceElement frame, StringBuilder text) {
    text.append(" at ").append(frame.getClassName()).append('.').append(frame.getMethodName());
    if (frame.getLineNumber() >= 0) {
      text.append(':').append(frame.getLineNumber());
    }
  }

  private static @Nullable Throwable causeOf(Throwable failure) {
    try {
      return failure.getCause();
    } catch (RuntimeException | Error unspeakable) { // user code
      return null;
    }
  }

  private static StackTraceElement[] traceOf(Throwable failure) {
    try {
      return failure.getStackTrace();
    } catch (RuntimeException | Error unspeakable) { // user code
      return new StackTraceElement[0];
    }
  }
}
