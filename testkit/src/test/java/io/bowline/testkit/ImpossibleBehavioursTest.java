// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What the kit makes of behaviours that a broker is said not to have. */
final class ImpossibleBehavioursTest {
  private static final String BEHAVIOUR = "aReceiptNamesItsMessage";

  static final class Excused extends BrokenKit {
    @Override
    protected Map<String, String> impossible() {
      return Map.of(BEHAVIOUR, "it has no receipts");
    }
  }

  static final class Mistaken extends BrokenKit {
    @Override
    protected Map<String, String> impossible() {
      return Map.of("aReceiptNamesItsMassage", "a slip of the pen");
    }
  }

  @Test
  void anImpossibleBehaviourIsSkippedWithItsReason() {
    List<String> told = told(Excused.class, Status.ABORTED);
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.get(0).contains(BEHAVIOUR + ": it has no receipts"), told.get(0));
  }

  @Test
  void anUnknownNameFailsTheClass() {
    List<String> told = told(Mistaken.class, Status.FAILED);
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.get(0).contains("aReceiptNamesItsMassage"), told.get(0));
  }

  /** The messages of all results of this status, of tests and classes. */
  private static List<String> told(Class<?> kit, Status status) {
    List<String> messages = new ArrayList<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == status) {
              messages.add(result.getThrowable().map(Throwable::getMessage).orElse(""));
            }
          }
        };
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(kit, BEHAVIOUR))
                .build(),
            listener);
    return messages;
  }
}
