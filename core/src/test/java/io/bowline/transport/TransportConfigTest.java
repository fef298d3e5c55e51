// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransportConfigTest {
  private final TransportConfig config =
      TransportConfig.of(BrokerAddress.parse("kafka://u:s3cret@h?a=s3cret"));

  @Test
  void theQueryBecomesProperties() {
    assertEquals(Map.of("a", "s3cret"), config.properties());
  }

  @Test
  void addedPropertiesWin() {
    Map<String, String> all = config.properties(Map.of("a", "2", "b", "3")).properties();
    assertEquals(Map.of("a", "2", "b", "3"), all);
  }

  @Test
  void changesKeepTheRest() {
    TransportConfig changed =
        config.connectTimeout(Duration.ofSeconds(1)).confirmTimeout(Duration.ofSeconds(2));
    assertEquals(Duration.ofSeconds(1), changed.connectTimeout());
    assertEquals(Duration.ofSeconds(2), changed.confirmTimeout());
    assertEquals(config.properties(), changed.properties());
  }

  @Test
  void timeoutsArePositive() {
    assertThrows(IllegalArgumentException.class, () -> config.connectTimeout(Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> config.confirmTimeout(Duration.ofSeconds(-1)));
  }

  @Test
  void printingNamesPropertiesWithoutValues() {
    String text = config.properties(Map.of("ssl.keystore.password", "s3cret")).toString();
    assertFalse(text.contains("s3cret"), text);
    assertTrue(text.contains("[a, ssl.keystore.password]"), text);
  }
}
