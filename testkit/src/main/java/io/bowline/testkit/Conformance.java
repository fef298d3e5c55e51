// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** The stage of a conformance kit: one broker for the class, one scene for each behaviour. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Conformance {
  private BrokerFixture fixture;
  private @Nullable Scene scene;

  /** The broker under test; called once for the class. */
  protected abstract BrokerFixture broker();

  /**
   * Behaviours that this broker cannot have, by the name of the test method, each with the reason.
   * They are reported as skipped, name and reason in the message. None unless overridden.
   */
  protected Map<String, String> impossible() {
    return Map.of();
  }

  @BeforeAll
  final void openBroker() {
    Set<String> unknown = new TreeSet<>(impossible().keySet());
    for (Class<?> type = getClass(); type != null; type = type.getSuperclass()) {
      Arrays.stream(type.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Test.class))
          .forEach(method -> unknown.remove(method.getName()));
    }
    assertEquals(Set.of(), unknown, "impossible() names behaviours that do not exist");
    fixture = broker();
  }

  @BeforeEach
  final void openScene(TestInfo test) {
    scene = null;
    String name = test.getTestMethod().orElseThrow().getName();
    String reason = impossible().get(name);
    Assumptions.assumeTrue(reason == null, () -> "Impossible here: " + name + ": " + reason);
    scene = new Scene(fixture);
  }

  @AfterEach
  final void closeScene() {
    if (scene != null) {
      scene.close();
    }
  }

  final BrokerFixture fixture() {
    return fixture;
  }

  final Scene scene() {
    return Objects.requireNonNull(scene, "the scene of this behaviour");
  }

  /** A timeout that is soon over: a twentieth of the patience, 3 s of the usual 60 s. */
  final Duration soon() {
    return fixture.patience().dividedBy(20);
  }

  static void assertWithin(long startNanos, Duration most, String what) {
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    assertTrue(took.compareTo(most) <= 0, what + " took " + took + ", at most " + most);
  }
}
