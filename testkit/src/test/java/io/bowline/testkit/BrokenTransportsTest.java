// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.testkit.BrokenKit.CaughtBy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/** The kit itself is right: it is green on a healthy transport, and red on each broken one. */
final class BrokenTransportsTest {
  private static RedBehaviours red;

  static final class Healthy extends BrokenKit {}

  @BeforeAll
  static void runTheKitOnAll() {
    ClassSelector[] classes =
        Stream.concat(Stream.of(Healthy.class), broken())
            .map(DiscoverySelectors::selectClass)
            .toArray(ClassSelector[]::new);
    red =
        RedBehaviours.of(
            LauncherDiscoveryRequestBuilder.request().selectors(classes), classes.length);
  }

  private static Stream<Class<?>> broken() {
    return Stream.of(
            BrokenSends.class,
            BrokenConnections.class,
            BrokenSettlements.class,
            BrokenReads.class,
            BrokenSharing.class,
            BrokenBacklogs.class)
        .flatMap(chapter -> Arrays.stream(chapter.getDeclaredClasses()))
        .filter(type -> type.isAnnotationPresent(CaughtBy.class));
  }

  @Test
  void aHealthyTransportIsGreen() {
    assertEquals(Set.of(), red(Healthy.class), () -> red.said(Healthy.class));
  }

  @TestFactory
  Stream<DynamicTest> eachBrokenTransportIsCaught() {
    return broken().map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> caught(type)));
  }

  private static void caught(Class<?> type) {
    Set<String> missed = new TreeSet<>(Arrays.asList(type.getAnnotation(CaughtBy.class).value()));
    missed.removeAll(red(type));
    assertEquals(Set.of(), missed, () -> "stayed green; red were " + red(type));
  }

  @Test
  void everyBehaviourCatchesSomething() {
    Set<String> idle = new TreeSet<>();
    for (Class<?> type = TransportConformance.class; type != null; type = type.getSuperclass()) {
      Arrays.stream(type.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Test.class))
          .forEach(method -> idle.add(method.getName()));
    }
    broken().forEach(type -> idle.removeAll(red(type)));
    assertEquals(Set.of(), idle, "behaviours that no broken transport fails");
  }

  private static Set<String> red(Class<?> type) {
    return red.of(type);
  }
}
