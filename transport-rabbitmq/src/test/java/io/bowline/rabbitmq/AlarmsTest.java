// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AlarmsTest {
  private final RecordedEvents events = new RecordedEvents();
  private final Alarms alarms = new Alarms(events);

  @Test
  void eachAlarmIsToldAndEndedByItsName() {
    alarms.raised("low on memory");
    assertEquals("low on memory", alarms.reason());
    alarms.raised("low on memory & disk");
    alarms.raised("low on disk");
    alarms.over();
    assertNull(alarms.reason());
    assertEquals(
        List.of(
            "blocked memory alarm",
            "blocked memory alarm",
            "blocked disk alarm",
            "unblocked memory alarm",
            "blocked disk alarm",
            "unblocked disk alarm"),
        events.all());
  }

  @Test
  void anotherReasonIsAnAlarmToo() {
    alarms.raised("out of patience");
    alarms.over();
    alarms.over();
    assertEquals(List.of("blocked alarm", "unblocked alarm"), events.all());
  }
}
