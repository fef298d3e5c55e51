// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailureClassesTest {
  private static final FailureClasses DEFAULT = FailureClasses.DEFAULT;

  @Test
  void onlyWhatCanNeverBeProcessedIsFatalByDefault() {
    assertTrue(DEFAULT.isFatal(new Unprocessable("no such bean")));
    for (Throwable other :
        List.of(new Exception(), new LinkageError(), new InterruptedException())) {
      assertFalse(DEFAULT.isFatal(other), other::toString);
    }
  }

  @Test
  void aFatalClassIsFatalWithItsSubclasses() {
    FailureClasses classes = DEFAULT.with(true, List.of(IOException.class));
    assertTrue(classes.isFatal(new IOException()));
    assertTrue(classes.isFatal(new EOFException()));
    assertFalse(classes.isFatal(new Exception()));
  }

  @Test
  void theNearestNamedClassDecidesInWhateverOrderTheyWereNamed() {
    List<Class<? extends Throwable>> wide = List.of(IOException.class);
    List<Class<? extends Throwable>> narrow = List.of(EOFException.class);
    for (FailureClasses classes :
        List.of(
            DEFAULT.with(true, wide).with(false, narrow),
            DEFAULT.with(false, narrow).with(true, wide))) {
      assertFalse(classes.isFatal(new EOFException()));
      assertTrue(classes.isFatal(new FileNotFoundException()));
    }
    FailureClasses inverse = DEFAULT.with(false, wide).with(true, narrow);
    assertTrue(inverse.isFatal(new EOFException()));
    assertFalse(inverse.isFatal(new FileNotFoundException()));
  }

  @Test
  void allButAFewCanBeFatal() {
    FailureClasses classes =
        DEFAULT.with(true, List.of(Throwable.class)).with(false, List.of(IOException.class));
    assertTrue(classes.isFatal(new OutOfMemoryError()));
    assertTrue(classes.isFatal(new RuntimeException()));
    assertFalse(classes.isFatal(new EOFException()));
  }

  @Test
  void noClassIsBothFatalAndRetryable() {
    FailureClasses classes = DEFAULT.with(true, List.of(IOException.class));
    assertThrows(
        IllegalArgumentException.class, () -> classes.with(false, List.of(IOException.class)));
    assertThrows(
        IllegalArgumentException.class, () -> DEFAULT.with(false, List.of(Unprocessable.class)));
    assertThrows(IllegalArgumentException.class, () -> DEFAULT.with(true, List.of()));
    assertTrue(classes.with(true, List.of(IOException.class)).isFatal(new IOException()));
  }

  @Test
  void whatOnlyCarriesAFailureStandsForIt() {
    Exception cause = new Exception();
    for (Throwable wrapper :
        List.of(
            new CompletionException(cause),
            new ExecutionException(cause),
            new InvocationTargetException(cause),
            new UndeclaredThrowableException(cause),
            new CompletionException(new ExecutionException(cause)))) {
      assertSame(cause, Thrown.unwrapped(wrapper));
    }
    assertSame(cause, Thrown.unwrapped(cause));
    RuntimeException meant = new IllegalStateException(cause);
    assertSame(meant, Thrown.unwrapped(meant));
    InvocationTargetException empty = new InvocationTargetException(null);
    assertSame(empty, Thrown.unwrapped(empty));
  }

  @Test
  void aRingOfWrappersEnds() {
    CompletionException one = new CompletionException("one", null);
    one = new CompletionException(new ExecutionException("two", new CompletionException(one)));
    assertEquals(CompletionException.class, Thrown.unwrapped(one).getClass());
  }
}
