// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.report.InMemorySentLog;
import io.bowline.report.SentLog;
import io.bowline.testkit.SentLogConformance;

/** What was sent, in memory. */
final class InMemorySentLogConformanceTest extends SentLogConformance {
  private final InMemorySentLog shared = new InMemorySentLog();

  @Override
  protected SentLog open() {
    return shared;
  }
}
