// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DisclosureTest {
  @Test
  void causesAndWhatTheySuppressedAreTold() {
    IllegalStateException cause = new IllegalStateException("inner");
    cause.addSuppressed(new IllegalArgumentException("aside"));
    RuntimeException outer = new RuntimeException("outer", cause);
    outer.addSuppressed(outer.getCause());
    assertEquals(
        List.of(
            "java.lang.RuntimeException: outer",
            "java.lang.IllegalStateException: inner",
            "java.lang.IllegalArgumentException: aside"),
        Disclosure.of(outer).lines().toList());
  }
}
