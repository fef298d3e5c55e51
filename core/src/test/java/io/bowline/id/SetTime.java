// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** Time in the hand of a test: whoever pauses lets it go on by as much. Thread-safe. */
final class SetTime extends Clock {
  static final long START = Instant.parse("2026-11-21T00:00:00Z").toEpochMilli();

  private final AtomicLong wallNanos = new AtomicLong();
  private final AtomicLong steadyNanos = new AtomicLong(-5_000_000);
  volatile long setBy;
  volatile Runnable onPause = () -> {};

  /** As the ids take it. */
  SnowflakeIds.Time time() {
    return new SnowflakeIds.Time(this, steadyNanos::get, this::pause);
  }

  private void pause(long nanos) {
    steadyNanos.addAndGet(nanos);
    wallNanos.addAndGet(nanos);
    onPause.run();
  }

  /** Both clocks go on. */
  void goOn(long millis) {
    pause(millis * 1_000_000);
  }

  /** The time of day alone is set, forward or back. */
  void jump(long millis) {
    long before = setBy;
    setBy = before + millis;
  }

  @Override
  public long millis() {
    return START + setBy + wallNanos.get() / 1_000_000;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
