// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportsTest {

  private static String refusal(String address) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Bowline.connect(address)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka", "rabbitmq", "rocketmq"})
  void aTransportThatIsMissingIsNamedByItsArtifact(String scheme) {
    String refusal = refusal(scheme + "://u:s3cret@localhost");
    assertTrue(refusal.contains("io.bowline:bowline-transport-" + scheme), refusal);
    assertFalse(refusal.contains("s3cret"), refusal);
  }

  @Test
  void anUnknownSchemeIsAnsweredWithTheKnownOnes() {
    String refusal = refusal("pulsar://localhost");
    assertTrue(refusal.contains("[amqps, kafka, rabbitmq, rocketmq]"), refusal);
  }
}
