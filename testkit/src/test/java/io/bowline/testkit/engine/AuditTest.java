// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bowline.Bowline;
import io.bowline.audit.AuditMode;
import io.bowline.audit.AuditRefused;
import io.bowline.audit.AuditReport;
import io.bowline.audit.Durability;
import org.junit.jupiter.api.Test;

/** A broker whose settings cannot be read, as the one in memory. */
final class AuditTest {
  private static final String ADDRESS = "memory://audited";

  @Test
  void whatCannotBeReadIsUnverified() {
    try (Bowline bowline = Bowline.connect(ADDRESS)) {
      AuditReport report = bowline.audit("a", "b");
      assertEquals(2, report.topics().size());
      assertEquals(Durability.UNVERIFIED, report.topics().get(1).durability());
      assertEquals("b", report.topics().get(1).topic());
      assertFalse(report.isFine());
    }
  }

  @Test
  void itIsRefusedOnlyWhereThatIsAskedFor() {
    Bowline.at(ADDRESS).audit(AuditMode.OFF).connect().close();
    Bowline.at(ADDRESS).audit(AuditMode.WARN, "a").connect().close();
    AuditRefused refused =
        assertThrows(
            AuditRefused.class, () -> Bowline.at(ADDRESS).audit(AuditMode.ENFORCE, "a").connect());
    assertEquals(1, refused.report().critical().size());
  }

  @Test
  void anAuditOfNothingIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Bowline.at(ADDRESS).audit(AuditMode.ENFORCE));
  }
}
