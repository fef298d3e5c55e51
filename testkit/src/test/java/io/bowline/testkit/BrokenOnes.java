// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.bowline.testkit.BrokenKit.CaughtBy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/** What a kit said of subclasses that are broken on purpose, each in one way. */
final class BrokenOnes {
  private final Class<?> kit;
  private final List<Class<?>> broken;
  private final RedBehaviours red;

  private BrokenOnes(Class<?> kit, List<Class<?>> broken, RedBehaviours red) {
    this.kit = kit;
    this.broken = broken;
    this.red = red;
  }

  /** Runs the kit on all that these classes declare as {@link CaughtBy} some behaviour of it. */
  static BrokenOnes of(Class<?> kit, Class<?>... declaring) {
    List<Class<?>> broken =
        Stream.of(declaring)
            .<Class<?>>flatMap(all -> Arrays.stream(all.getDeclaredClasses()))
            .filter(type -> type.isAnnotationPresent(CaughtBy.class))
            .toList();
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    broken.forEach(type -> request.selectors(selectClass(type)));
    return new BrokenOnes(kit, broken, RedBehaviours.of(request, broken.size()));
  }

  /** A test for each: it was caught by the behaviours that are named for it. */
  Stream<DynamicTest> eachIsCaught() {
    return broken.stream()
        .map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> caught(type)));
  }

  private void caught(Class<?> type) {
    Set<String> missed = new TreeSet<>(Arrays.asList(type.getAnnotation(CaughtBy.class).value()));
    missed.removeAll(red.of(type));
    assertEquals(Set.of(), missed, () -> "stayed green; red were " + red.of(type));
  }

  /** No behaviour of the kit is without one that fails it. */
  void assertEveryBehaviourCatchesSomething() {
    Set<String> idle = new TreeSet<>();
    Arrays.stream(kit.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .forEach(method -> idle.add(method.getName()));
    broken.forEach(type -> idle.removeAll(red.of(type)));
    assertEquals(Set.of(), idle, "behaviours that nothing broken fails");
  }
}
