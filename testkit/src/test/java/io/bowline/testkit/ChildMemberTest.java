// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process whose in-memory broker is its own, and so has no topic. */
final class ChildMemberTest {
  private static final MemberOrders ORDERS =
      new MemberOrders(
          "memory://user:secret@child",
          TransportConfig.of(BrokerAddress.parse("memory://user:secret@child"))
              .properties(Map.of("lease.ms", "700")),
          new SubscriptionSpec("topic", "group", 7),
          3);

  @Test
  void ordersAreReadAsTheyWereWritten() throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    ORDERS.write(new DataOutputStream(wire));
    MemberOrders read =
        MemberOrders.read(new DataInputStream(new ByteArrayInputStream(wire.toByteArray())));
    assertEquals(ORDERS.address(), read.address());
    assertEquals(ORDERS.config().properties(), read.config().properties());
    assertEquals(ORDERS.config().connectTimeout(), read.config().connectTimeout());
    assertEquals(ORDERS.spec(), read.spec());
    assertEquals(ORDERS.accepts(), read.accepts());
    assertFalse(read.toString().contains("secret"));
  }

  @Test
  void aProcessThatCannotJoinSaysWhy() {
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> ChildMember.start(ORDERS));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("Topic topic does not exist"), message);
    assertFalse(message.contains("secret"), message);
  }
}
