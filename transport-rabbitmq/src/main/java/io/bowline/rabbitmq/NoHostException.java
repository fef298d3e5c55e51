// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.transport.Verdict;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;

/** No host took us. Names what was seen at each; the cause is the most telling of these. */
final class NoHostException extends IOException {
  private static final long serialVersionUID = 1;

  /** Failures by {@code host:port}, in the order of the tries; at least one. */
  NoHostException(Map<String, Exception> seen) {
    super(
        seen.entrySet().stream()
            .map(each -> each.getKey() + " " + RabbitVerdicts.describe(each.getValue()))
            .collect(Collectors.joining(", ")),
        mostTelling(seen));
  }

  private static Exception mostTelling(Map<String, Exception> seen) {
    return seen.values().stream()
        .filter(each -> ConnectFailures.row(each).verdict() == Verdict.REFUSED)
        .findFirst()
        .orElseGet(() -> seen.values().iterator().next());
  }
}
