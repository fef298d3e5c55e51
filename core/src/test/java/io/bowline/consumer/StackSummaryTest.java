// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where a failure comes from, in one line. */
final class StackSummaryTest {
  private static StackTraceElement frame(String name, int line) {
    return new StackTraceElement("io.x.Beans", name, "Beans.java", line);
  }

  private static <T extends Throwable> T at(T failure, StackTraceElement... frames) {
    failure.setStackTrace(frames);
    return failure;
  }

  @Test
  void itNamesTheClassAndItsFirstFrames() {
    StackTraceElement[] many =
        IntStream.range(0, 50)
            .mapToObj(i -> frame("m" + i, i + 1))
            .toArray(StackTraceElement[]::new);
    assertEquals(
        "java.io.IOException at io.x.Beans.m0:1 at io.x.Beans.m1:2 at io.x.Beans.m2:3"
            + " at io.x.Beans.m3:4 at io.x.Beans.m4:5 at io.x.Beans.m5:6",
        StackSummary.of(at(new IOException("s3cret"), many)));
  }

  @Test
  void itNamesTheCausesAndTheirFirstFrames() {
    IOException cause =
        at(new IOException("a"), frame("d", 4), frame("c", -2), frame("b", 2), frame("a", 1));
    assertEquals(
        "java.lang.IllegalStateException at io.x.Beans.run:9"
            + " < java.io.IOException at io.x.Beans.d:4 at io.x.Beans.c at io.x.Beans.b:2",
        StackSummary.of(at(new IllegalStateException("b", cause), frame("run", 9))));
  }

  @Test
  void itHoldsNoMessageOfAnException() {
    Throwable failure = new IllegalStateException("s3cret", new IOException("s3cret"));
    assertFalse(StackSummary.of(failure).contains("s3cret"));
  }

  @Test
  void aChainThatIsLongOrLeadsBackEnds() {
    Throwable last = at(new IOException());
    Throwable first = at(new IllegalStateException(last));
    last.initCause(first);
    assertEquals("java.lang.IllegalStateException < java.io.IOException", StackSummary.of(first));
    Throwable deep = at(new IOException());
    for (int i = 0; i < 1_000; i++) {
      deep = at(new IllegalStateException(deep));
    }
    assertEquals(5, StackSummary.of(deep).split(" < ", -1).length);
  }

  @Test
  void itsBytesAreBounded() {
    StackTraceElement long1 = frame("größe".repeat(1_000), 1);
    String summary = StackSummary.of(at(new IOException(), long1, long1));
    assertTrue(summary.endsWith("…"), summary);
    assertTrue(summary.getBytes(UTF_8).length <= StackSummary.MAX_BYTES + 3);
  }

  @Test
  void anExceptionThatDoesNotShowItselfIsNamedAllTheSame() {
    assertEquals(Hidden.class.getName(), StackSummary.of(new Hidden()));
  }

  private static final class Hidden extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("no trace");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause");
    }
  }
}
