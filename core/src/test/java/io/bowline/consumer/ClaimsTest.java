// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.telemetry.MeterSet;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final MemoryDedupe store = new MemoryDedupe();
  private final LaneWork lane = new LaneWork(0);
  private final Work work = Works.stamped(lane, "m");
  private final Claims claims =
      new Claims(
          store,
          "billing",
          new ClaimMeters(new MeterSet(registry), Tags.of("group", "billing")),
          () -> false);

  private double counted(String seen) {
    return registry.get("bowline.consumer.duplicates").tag("seen", seen).counter().count();
  }

  @Test
  void whatTheStoreKnewIsCounted() {
    store.states.put("m", MemoryDedupe.DONE);
    assertFalse(claims.mayCall(work));
    assertEquals(1, counted("done"));
    store.states.put("m", "another");
    assertThrows(ClaimBusy.class, () -> claims.mayCall(work));
    assertEquals(1, counted("busy"));
    store.states.remove("m");
    assertTrue(claims.mayCall(work));
    store.states.put("m", "another");
    assertNull(claims.ended(work, null));
    assertEquals(1, counted("doubtful"));
  }

  @Test
  void whatTookEffectIsNotHandledAgainThoughTheStoreForgotIt() {
    assertTrue(claims.mayCall(work));
    store.fails = "done";
    assertInstanceOf(DedupeFailed.class, claims.ended(work, null));
    store.states.clear();
    store.fails = "";
    assertFalse(claims.mayCall(work));
    assertNull(claims.ended(work, null));
    assertEquals(1, counted("doubtful"));
  }

  @Test
  void aCallThatNeverEndedIsClaimedAnew() {
    assertTrue(claims.mayCall(work));
    assertTrue(claims.mayCall(work));
    assertEquals(List.of("claim m", "release m", "claim m"), store.calls);
  }

  @Test
  void onlyWhatLastsIsExtended() {
    assertTrue(claims.mayCall(work));
    claims.extend();
    assertEquals(List.of("claim m"), store.calls);
    claims.extend();
    claims.extend();
    assertEquals(List.of("claim m", "extend m", "extend m"), store.calls);
    assertNull(claims.ended(work, null));
    claims.extend();
    assertEquals(Map.of("m", MemoryDedupe.DONE), store.states);
    assertEquals("done m", store.calls.get(store.calls.size() - 1));
  }

  @Test
  void onALaneThatWentAwayOnlyWhatIsAtWorkIsExtended() {
    Work atWork = Works.stamped(lane, "n");
    atWork.step();
    assertTrue(claims.mayCall(work));
    assertTrue(claims.mayCall(atWork));
    claims.extend();
    lane.close();
    claims.extend();
    assertEquals(List.of("claim m", "claim n", "extend n"), store.calls);
    atWork.step();
    claims.extend();
    assertEquals(3, store.calls.size());
  }

  @Test
  void aBusyOneIsLookedForNoLaterThanItsLeaseEnds() {
    Duration second = Duration.ofSeconds(1);
    assertEquals(second, new ClaimBusy(Duration.ofMinutes(1)).atMost(second));
    assertEquals(second, new ClaimBusy(second).atMost(Duration.ofMinutes(1)));
    assertEquals(Duration.ofMillis(10), new ClaimBusy(Duration.ZERO).atMost(second));
  }
}
