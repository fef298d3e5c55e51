// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopicSpecTest {

  @Test
  void lanesAreBounded() {
    TopicSpec topic = TopicSpec.of("t");
    assertEquals(8, topic.lanes());
    assertEquals(1024, topic.lanes(1024).lanes());
    assertThrows(IllegalArgumentException.class, () -> topic.lanes(0));
    assertThrows(IllegalArgumentException.class, () -> topic.lanes(1025));
  }

  @Test
  void namesAreNeeded() {
    assertThrows(IllegalArgumentException.class, () -> TopicSpec.of(" "));
    TopicSpec topic = TopicSpec.of("t").groups("a", "b");
    assertEquals(List.of("a", "b"), topic.groups());
    assertThrows(IllegalArgumentException.class, () -> topic.groups(""));
  }

  @Test
  void aMemberHoldsAtLeastOneMessage() {
    assertThrows(IllegalArgumentException.class, () -> new SubscriptionSpec("t", "g", 0));
    assertThrows(IllegalArgumentException.class, () -> new SubscriptionSpec("t", "g", 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new SubscriptionSpec("", "g", 1));
    assertThrows(IllegalArgumentException.class, () -> new SubscriptionSpec("t", "", 1));
  }
}
