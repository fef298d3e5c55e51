// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FencedLockIT {
  @Test
  void whoStoodStillPastItsLeaseIsRefusedWhereItWrites() throws Exception {
    assertTrue(FencedLock.play(null));
  }
}
