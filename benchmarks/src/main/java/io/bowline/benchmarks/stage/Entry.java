// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.stage;

import io.bowline.benchmarks.measure.Turn;
import java.time.Duration;

/**
 * A contestant of a scene.
 *
 * @param name as it stands in the table
 * @param yardstick the name of the one it is measured against; its own if it is one itself
 * @param turner takes its turns
 */
public record Entry(String name, String yardstick, Turner turner) {

  /** Something that others are measured against. */
  public static Entry yardstick(String name, Turner turner) {
    return new Entry(name, name, turner);
  }

  /** Takes a turn. */
  @FunctionalInterface
  public interface Turner {

    /**
     * Takes a turn of about this long.
     *
     * @throws Exception if anything of it failed: then there is no figure
     */
    Turn turn(Duration time) throws Exception;
  }
}
