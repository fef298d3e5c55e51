// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OutgoingTest {

  @Test
  void printingShowsNoContent() {
    Outgoing message = new Outgoing("i", "t", 2, "k", Map.of("token", "s3cret"), new byte[9]);
    assertEquals(
        "Outgoing[id=i, topic=t, lane=2, key=k, headers=[token], body=9 bytes]",
        message.toString());
  }
}
