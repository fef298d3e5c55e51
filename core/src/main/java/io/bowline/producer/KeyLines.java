// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The lines of one lane's keys. At most so many idle ones are remembered; a key that was forgotten
 * goes on above every number it may have had, or where a store says, and its next message is marked
 * as a first one, so that no consumer takes the jump for a loss. Guarded by its lane's lock.
 */
final class KeyLines {
  private final int maxIdle;
  private final KeyRules rules;
  private final Map<String, KeyLine> lines = new LinkedHashMap<>();
  private long highestForgotten;

  KeyLines(int maxIdle, KeyRules rules) {
    this.maxIdle = maxIdle;
    this.rules = rules;
  }

  KeyLine line(String key) {
    KeyLine line = lines.get(key);
    if (line == null) {
      line = new KeyLine(highestForgotten, rules);
      lines.put(key, line);
      if (lines.size() > maxIdle) {
        forgetOldest();
      }
    } else {
      line.used = true;
    }
    return line;
  }

  /**
   * Forgets the oldest that is idle, but whoever was used since the last look goes to the end
   * instead: nearly as good as an order of use, which would move a line with each message.
   */
  private void forgetOldest() {
    Map<String, KeyLine> kept = new LinkedHashMap<>();
    Iterator<Map.Entry<String, KeyLine>> oldestFirst = lines.entrySet().iterator();
    for (int looks = lines.size() - 1; looks > 0 && lines.size() + kept.size() > maxIdle; looks--) {
      Map.Entry<String, KeyLine> oldest = oldestFirst.next();
      KeyLine line = oldest.getValue();
      if (line.used || !line.idle()) {
        kept.put(oldest.getKey(), line);
        line.used = false;
      } else {
        highestForgotten = Math.max(highestForgotten, line.last());
      }
      oldestFirst.remove();
    }
    lines.putAll(kept);
  }
}
