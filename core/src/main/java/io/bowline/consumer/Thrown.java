// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What went wrong, without what only carries it: futures, reflection and proxies wrap. */
final class Thrown {
  /** No chain of wrappers is longer, unless it is a ring. */
  private static final int DEEPEST = 16;

  private Thrown() {}

  static Throwable unwrapped(Throwable thrown) {
    Throwable failure = thrown;
    for (int depth = 0; depth < DEEPEST && isWrapper(failure); depth++) {
      Throwable cause = failure.getCause();
      if (cause == null) {
        break;
      }
      failure = cause;
    }
    return failure;
  }

  private static boolean isWrapper(Throwable failure) {
    return failure instanceof CompletionException
        || failure instanceof ExecutionException
        || failure instanceof InvocationTargetException
        || failure instanceof UndeclaredThrowableException;
  }
}
