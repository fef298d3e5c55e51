// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.testkit.BrokenKit.CaughtBy;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit itself is right: it is green on a healthy transport, and red on each broken one. */
final class BrokenTransportsTest {
  private static final Map<String, Set<String>> RED = new ConcurrentHashMap<>();

  static final class Healthy extends BrokenKit {}

  @BeforeAll
  static void runTheKitOnAll() {
    ClassSelector[] classes =
        Stream.concat(Stream.of(Healthy.class), broken())
            .map(DiscoverySelectors::selectClass)
            .toArray(ClassSelector[]::new);
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(classes)
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "same_thread")
            .configurationParameter(
                "junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "" + classes.length)
            .build();
    LauncherFactory.create().execute(request, new Red());
  }

  private static Stream<Class<?>> broken() {
    return Stream.of(
            BrokenSends.class,
            BrokenConnections.class,
            BrokenSettlements.class,
            BrokenReads.class,
            BrokenSharing.class)
        .flatMap(chapter -> Arrays.stream(chapter.getDeclaredClasses()))
        .filter(type -> type.isAnnotationPresent(CaughtBy.class));
  }

  @Test
  void aHealthyTransportIsGreen() {
    assertEquals(Set.of(), red(Healthy.class));
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
    return RED.getOrDefault(type.getSimpleName(), Set.of());
  }

  private static final class Red implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() != Status.FAILED) {
        return;
      }
      test.getSource()
          .filter(MethodSource.class::isInstance)
          .map(MethodSource.class::cast)
          .ifPresent(
              source ->
                  RED.computeIfAbsent(
                          source.getJavaClass().getSimpleName(),
                          fresh -> ConcurrentHashMap.newKeySet())
                      .add(source.getMethodName()));
    }
  }
}
