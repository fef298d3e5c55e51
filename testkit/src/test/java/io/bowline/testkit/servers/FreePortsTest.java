// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  @Test
  void portsAreFreeAndInRange() throws IOException {
    for (int port : FreePorts.take(5)) {
      assertTrue(port >= FreePorts.FIRST && port < FreePorts.LAST, () -> "port " + port);
      try (ServerSocket socket = new ServerSocket(port)) {
        assertEquals(port, socket.getLocalPort());
      }
    }
  }

  @Test
  void noPortIsGivenTwice() {
    Set<Integer> seen = new HashSet<>();
    for (int round = 0; round < 50; round++) {
      for (int port : FreePorts.take(4)) {
        assertTrue(seen.add(port), () -> "given twice: " + port);
      }
    }
  }

  @Test
  void theLowerPortIsTakenToo() {
    Set<Integer> lower = new HashSet<>();
    for (int round = 0; round < 50; round++) {
      int port = FreePorts.takeWithLower(2);
      assertFalse(lower.contains(port), () -> "given as a lower port before: " + port);
      lower.add(port - 2);
    }
    List<Integer> later = FreePorts.take(50);
    assertFalse(later.stream().anyMatch(lower::contains));
  }
}
