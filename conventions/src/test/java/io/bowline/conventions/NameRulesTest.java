// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

import static io.bowline.conventions.Findings.CORE;
import static io.bowline.conventions.Findings.finds;

import org.junit.jupiter.api.Test;

/** Empty names are found, and names that only look like them are not. */
final class NameRulesTest {

  @Test
  void anEmptyNameIsFound() {
    finds(
        NameRules::types,
        CORE,
        """
        class SenderImpl {}
        class LaneManager {}
        class HelperOfAll {}
        class TextUtils {}
        class LaneUtil {}
        class SenderBase {}
        class DefaultSender {}
        interface ISender {}
        class Simple {}
        class Implosion {}
        class BaseLine {}
        interface Identity {}
        interface IdSource {}
        """,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8);
    finds(NameRules::packages, CORE, "package io.bowline.util;", 1);
    finds(NameRules::packages, CORE, "package io.bowline.utility;");
  }
}
