// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import java.util.stream.Stream;

/** One thing that every file must keep to. */
@FunctionalInterface
interface Rule {

  /** Where the file breaks it; nothing if it does not, or is not concerned. */
  Stream<Finding> check(SourceFile file);
}
