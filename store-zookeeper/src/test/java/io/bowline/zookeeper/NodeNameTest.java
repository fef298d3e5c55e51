// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.zookeeper.common.PathUtils;
import org.junit.jupiter.api.Test;

final class NodeNameTest {
  @Test
  void itBeginsAsTheTextAndEndsWithItsDigest() {
    assertEquals("beans-c9e87e8a3c8b8bc83c4a8ba4b2d5ad84".length(), NodeName.of("beans").length());
    assertTrue(NodeName.of("beans").matches("beans-[0-9a-f]{32}"), NodeName.of("beans"));
    assertEquals(NodeName.of("beans"), NodeName.of("beans"), "the same in every process");
  }

  @Test
  void anyTextMakesALegalNode() {
    String longText = "n".repeat(5_000);
    for (String text : List.of(".", "..", "/", "a/b", "ü", "\0", "\uD83D", "zookeeper", longText)) {
      PathUtils.validatePath("/bowline/lock/" + NodeName.of(text));
      assertTrue(NodeName.of(text).length() < 80, text);
    }
  }

  @Test
  void textsThatLookAlikeAreToldApart() {
    assertNotEquals(NodeName.of("a/b"), NodeName.of("a.b"));
    assertNotEquals(NodeName.of("n".repeat(5_000)), NodeName.of("n".repeat(5_001)));
  }
}
