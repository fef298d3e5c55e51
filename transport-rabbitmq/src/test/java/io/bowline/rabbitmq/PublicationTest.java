// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PublicationTest {

  @Test
  void theFirstOutcomeStays() {
    Publication publication = Messages.publication("m", 0);
    publication.fail(RabbitVerdicts.nacked(publication.message()));
    publication.confirm();
    assertEquals(Optional.of(Verdict.UNKNOWN), Messages.verdict(publication.outcome()));
  }

  @Test
  void anOutcomeGivesItsRoomBackOnceEvenIfTheCallerCancelled() {
    Outstanding outstanding = new Outstanding(1, 10);
    assertNull(outstanding.enter(1));
    Publication publication = new Publication(Messages.message("m"), 0, 0, outstanding);
    publication.outcome().cancel(true);
    assertFalse(outstanding.awaitNone(Duration.ZERO), "the broker has not answered");
    publication.confirm();
    publication.fail(RabbitVerdicts.nacked(publication.message()));
    assertTrue(outstanding.awaitNone(Duration.ZERO));
    assertNull(outstanding.enter(1));
    assertNotNull(outstanding.enter(1));
  }

  @Test
  void bytesAreBoundedToo() {
    Outstanding outstanding = new Outstanding(100, 10);
    assertNull(outstanding.enter(6));
    assertEquals("10 bytes", outstanding.enter(5));
    outstanding.leave(6);
    assertNull(outstanding.enter(5));
  }

  @Test
  void onlyWhatWaitsIsProvenNotToBeWritten() {
    Publication begun = Messages.publication("m", 0);
    assertTrue(begun.begin());
    begun.failWaiting(RabbitVerdicts.behind(begun.message()));
    assertFalse(begun.outcome().isDone());
    Publication waiting = Messages.publication("m", 0);
    waiting.failWaiting(RabbitVerdicts.behind(waiting.message()));
    assertEquals(Optional.of(Verdict.NOT_STORED), Messages.verdict(waiting.outcome()));
    assertFalse(waiting.begin(), "it was answered");
  }
}
