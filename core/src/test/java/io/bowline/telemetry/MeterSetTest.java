// SPDX-License-Identifier: Apache-2.0
package io.bowline.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

final class MeterSetTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final MeterSet first = new MeterSet(registry);
  private final MeterSet second = new MeterSet(registry);

  private static Counter counter(MeterSet set) {
    return set.add(Counter.builder("sent").tag("source", "a")::register);
  }

  private static void gauge(MeterSet set, DoubleSupplier part) {
    set.addGauge(new Meter.Id("in flight", Tags.empty(), null, null, Meter.Type.GAUGE), part);
  }

  @Test
  void whatMeasuresTheSameSharesAMeter() {
    assertSame(counter(first), counter(second));
  }

  @Test
  void gaugesShowTheSumOfThoseOpen() {
    gauge(first, () -> 2);
    gauge(second, () -> 3);
    assertEquals(5, registry.get("in flight").gauge().value());
    first.close();
    assertEquals(3, registry.get("in flight").gauge().value());
  }

  private static void largest(MeterSet set, DoubleSupplier part) {
    set.addLargest(new Meter.Id("lag", Tags.empty(), null, null, Meter.Type.GAUGE), part);
  }

  @Test
  void gaugesOfAWholeShowTheLargestThatIsANumber() {
    largest(first, () -> Double.NaN);
    assertTrue(Double.isNaN(registry.get("lag").gauge().value()));
    largest(second, () -> 3);
    MeterSet third = new MeterSet(registry);
    largest(third, () -> 2);
    assertEquals(3, registry.get("lag").gauge().value());
    second.close();
    assertEquals(2, registry.get("lag").gauge().value());
    third.close();
  }

  @Test
  void theLastToCloseTakesTheMeterAway() {
    counter(first).increment();
    counter(second).increment();
    first.close();
    assertEquals(2, registry.get("sent").counter().count());
    second.close();
    assertTrue(registry.getMeters().isEmpty());
  }

  @Test
  void closingTwiceTakesNothingFromOthers() {
    Counter unused = counter(first);
    unused = counter(second);
    first.close();
    first.close();
    assertEquals(1, registry.getMeters().size());
  }

  @Test
  void whatIsAddedAfterClosingDoesNotStay() {
    first.close();
    counter(first).increment();
    gauge(first, () -> 1);
    assertTrue(registry.getMeters().isEmpty());
  }

  @Test
  void aMeterThatIsOpenedAgainStartsAnew() {
    counter(first).increment();
    first.close();
    assertEquals(0, counter(second).count());
  }

  @Test
  void registriesDoNotMix() {
    MeterRegistry other = new SimpleMeterRegistry();
    counter(new MeterSet(other)).increment();
    assertEquals(0, counter(first).count());
    first.close();
    assertEquals(1, other.get("sent").counter().count());
  }

  @Test
  void metersOfAUsersTagsAndOfCompositesGoToo() {
    CompositeMeterRegistry all = new CompositeMeterRegistry();
    all.add(registry);
    all.config().commonTags(List.of(Tag.of("region", "north")));
    MeterSet set = new MeterSet(all);
    counter(set).increment();
    assertEquals(1, registry.get("sent").tag("region", "north").counter().count());
    set.close();
    assertTrue(registry.getMeters().isEmpty());
    assertTrue(all.getMeters().isEmpty());
  }

  @Test
  void whatTheUserDeniesIsNotMeasured() {
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("sent"));
    counter(first).increment();
    gauge(first, () -> 1);
    assertEquals(1, registry.getMeters().size());
    first.close();
    assertTrue(registry.getMeters().isEmpty());
  }

  @Test
  void aRefusalCostsNobodyAnything() {
    var unused = registry.gauge("sent", List.of(Tag.of("source", "a")), Map.of(), Map::size);
    counter(first).increment();
    first.close();
    assertFalse(registry.getMeters().isEmpty(), "the user's own meter stays");
  }
}
