// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.stage;

import java.util.List;

/** A place, and the contestants that are measured there. */
public interface Scene extends AutoCloseable {

  /** Of its table. */
  String title();

  /** The contestants; yardsticks first. */
  List<Entry> entries();

  /** What is to be said below the table, once all turns are over. */
  default String remark() throws Exception {
    return "";
  }

  @Override
  void close();
}
