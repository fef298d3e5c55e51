// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The behaviours of a kit that went red, by the class they ran in. Thread-safe. */
final class RedBehaviours implements TestExecutionListener {
  private final Map<String, Map<String, String>> red = new ConcurrentHashMap<>();

  /** Runs what the request selects, all classes at once and the behaviours of each in turn. */
  static RedBehaviours of(LauncherDiscoveryRequestBuilder request, int classes) {
    RedBehaviours found = new RedBehaviours();
    LauncherDiscoveryRequest all =
        request
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "same_thread")
            .configurationParameter(
                "junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "" + classes)
            .build();
    LauncherFactory.create().execute(all, found);
    return found;
  }

  /** The names of the red behaviours of this class. */
  Set<String> of(Class<?> type) {
    return red.getOrDefault(type.getSimpleName(), Map.of()).keySet();
  }

  /** What they said. */
  String said(Class<?> type) {
    return String.join("\n", red.getOrDefault(type.getSimpleName(), Map.of()).values());
  }

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
                red.computeIfAbsent(
                        source.getJavaClass().getSimpleName(), fresh -> new ConcurrentHashMap<>())
                    .put(
                        source.getMethodName(),
                        result.getThrowable().map(Throwable::toString).orElse("nothing")));
  }
}
