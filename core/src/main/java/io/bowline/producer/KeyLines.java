// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The lines of one lane's keys. At most so many idle ones are remembered; a key that was forgotten
 * goes on above every number it may have had, and its next message is marked as a first one, so
 * that no consumer takes the jump for a loss. Guarded by its lane's lock.
 */
final class KeyLines {
  private final int maxIdle;
  private final int mostUnderWay;
  private final Map<String, KeyLine> lines = new LinkedHashMap<>();
  private long highestForgotten;

  /** Of each key, at most so many messages are under way at once. */
  KeyLines(int maxIdle, int mostUnderWay) {
    this.maxIdle = maxIdle;
    this.mostUnderWay = mostUnderWay;
  }

  KeyLine line(String key) {
    KeyLine line = lines.get(key);
    if (line == null) {
      line = new KeyLine(highestForgotten, mostUnderWay);
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
