// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Remembers in memory the epochs of producers that were closed: so a producer knows the one that
 * had its source before in the same process. One that is open is followed by none. Thread-safe.
 */
public final class RecentEpochs implements EpochStore {
  /** The most sources; the one closed longest ago is forgotten first. */
  static final int MAX_SOURCES = 1_000;

  private final Map<String, Long> closed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_SOURCES;
        }
      };

  /** Nothing was closed yet. */
  public RecentEpochs() {}

  @Override
  public synchronized OptionalLong begin(String source, long epoch) {
    Long before = closed.remove(source);
    return before == null ? OptionalLong.empty() : OptionalLong.of(before);
  }

  @Override
  public synchronized void end(String source, long epoch) {
    closed.merge(source, epoch, Math::max);
  }
}
