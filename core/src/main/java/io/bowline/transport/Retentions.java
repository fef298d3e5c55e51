// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.audit.TopicAudit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * For how long topics keep messages, as far as audits read it: consumers of this process go by it.
 * Thread-safe.
 */
public final class Retentions {
  private final Map<String, Duration> byTopic = new ConcurrentHashMap<>();

  /** Takes note of an audit; the last one of a topic counts, if it could read the retention. */
  public void read(TopicAudit audit) {
    audit.retention().value().ifPresent(kept -> byTopic.put(audit.topic(), kept));
  }

  /**
   * For how long a topic keeps messages; empty if no audit read it, or if it keeps them {@linkplain
   * TopicAudit#FOR_EVER for ever}, which nobody can match.
   */
  public Optional<Duration> of(String topic) {
    return Optional.ofNullable(byTopic.get(topic))
        .filter(kept -> kept.compareTo(TopicAudit.FOR_EVER) < 0);
  }
}
