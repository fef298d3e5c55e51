// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class GapAlarmIT {
  @Test
  void whatIsLostOnPurposeIsNamedAndReported() throws Exception {
    assertTrue(new GapAlarm(Servers.kafka().address()).play());
  }
}
