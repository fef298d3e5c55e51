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
  private final Map<String, KeyLine> lines = new LinkedHashMap<>(16, 0.75f, true);
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
      forgetOldest();
    }
    return line;
  }

  /** Busy lines are as few as the window allows, so the search is short. */
  private void forgetOldest() {
    Iterator<KeyLine> oldestFirst = lines.values().iterator();
    while (lines.size() > maxIdle && oldestFirst.hasNext()) {
      KeyLine line = oldestFirst.next();
      if (line.idle() && oldestFirst.hasNext()) {
        highestForgotten = Math.max(highestForgotten, line.last());
        oldestFirst.remove();
      }
    }
  }
}
