// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DurabilityTest {

  @Test
  void whatForgetsNothingIsNotTold() {
    String info = "# Memory\r\nmaxmemory_policy:noeviction\r\n# Persistence\r\naof_enabled:1\r\n";
    assertEquals(List.of(), Durability.findings(info));
  }

  @Test
  void evictionIsTold() {
    List<String> findings =
        Durability.findings("maxmemory_policy:allkeys-lru\r\naof_enabled:1\r\n");
    assertEquals(1, findings.size());
    assertTrue(findings.get(0).contains("allkeys-lru"), findings::toString);
  }

  @Test
  void snapshotsAloneAreTold() {
    List<String> findings = Durability.findings("maxmemory_policy:noeviction\naof_enabled:0\n");
    assertEquals(1, findings.size());
    assertTrue(findings.get(0).contains("appendonly yes"), findings::toString);
  }

  @Test
  void silenceIsNotTakenForGood() {
    List<String> findings = Durability.findings("");
    assertEquals(2, findings.size());
    assertTrue(findings.stream().allMatch(one -> one.contains("UNVERIFIABLE")));
  }
}
