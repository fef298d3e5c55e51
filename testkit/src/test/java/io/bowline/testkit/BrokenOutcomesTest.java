// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

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
 * The kit of faults is itself right: red on each broken one. That it is green on what is healthy,
 * {@code InMemorySendFaultsTest} shows.
 */
final class BrokenOutcomesTest {
  private static RedBehaviours red;

  @BeforeAll
  static void runTheKitOnAll() {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    // Only what must go red: a lost future takes all of the kit's patience in each behaviour.
    broken()
        .forEach(
            type -> caughtBy(type).forEach(name -> request.selectors(selectMethod(type, name))));
    red = RedBehaviours.of(request, (int) broken().count());
  }

  private static Stream<Class<?>> broken() {
    return Arrays.stream(BrokenOutcomes.class.getDeclaredClasses())
        .filter(type -> type.isAnnotationPresent(CaughtBy.class));
  }

  private static Set<String> caughtBy(Class<?> type) {
    return new TreeSet<>(Arrays.asList(type.getAnnotation(CaughtBy.class).value()));
  }

  @TestFactory
  Stream<DynamicTest> eachBrokenOneIsCaught() {
    return broken()
        .map(
            type ->
                DynamicTest.dynamicTest(
                    type.getSimpleName(), () -> assertEquals(caughtBy(type), red.of(type))));
  }

  @Test
  void everyBehaviourCatchesSomething() {
    Set<String> idle = new TreeSet<>();
    Arrays.stream(SendFaults.class.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .forEach(method -> idle.add(method.getName()));
    broken().forEach(type -> idle.removeAll(red.of(type)));
    assertEquals(Set.of(), idle, "behaviours that no broken transport fails");
  }
}
