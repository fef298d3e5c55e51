// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.bowline.testkit.BrokenKit.CaughtBy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/**
 * The kit of logs of what was sent is right itself: red on each broken one. That it is green on a
 * healthy one {@code InMemorySentLogConformanceTest} shows.
 */
final class BrokenSentLogsTest {
  private static RedBehaviours red;

  @BeforeAll
  static void runTheKitOnAll() {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    broken().forEach(type -> request.selectors(selectClass(type)));
    red = RedBehaviours.of(request, (int) broken().count());
  }

  private static Stream<Class<?>> broken() {
    return Stream.of(BrokenSentLogs.class)
        .flatMap(all -> Arrays.stream(all.getDeclaredClasses()))
        .filter(type -> type.isAnnotationPresent(CaughtBy.class));
  }

  @TestFactory
  Stream<DynamicTest> eachBrokenOneIsCaught() {
    return broken()
        .map(
            type ->
                DynamicTest.dynamicTest(
                    type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName(),
                    () -> caught(type)));
  }

  private static void caught(Class<?> type) {
    Set<String> missed = new TreeSet<>(Arrays.asList(type.getAnnotation(CaughtBy.class).value()));
    missed.removeAll(red.of(type));
    assertEquals(Set.of(), missed, () -> "stayed green; red were " + red.of(type));
  }

  @Test
  void everyBehaviourCatchesSomething() {
    Set<String> idle = new TreeSet<>();
    Arrays.stream(SentLogConformance.class.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .forEach(method -> idle.add(method.getName()));
    broken().forEach(type -> idle.removeAll(red.of(type)));
    assertEquals(Set.of(), idle, "behaviours that no broken log fails");
  }
}
