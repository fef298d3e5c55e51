// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.telemetry.MeterSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures what a transport tells of its connections: how often they are lost and come back, and
 * how long the broker takes no messages. Of connections and of causes {@value #MAX_NAMES} are told
 * apart, further ones go by {@value #OTHER}. Thread-safe; told in order by a {@link BrokerState}.
 */
public final class BrokerMeters implements BrokerEvents, AutoCloseable {
  /** The most connections, and the most causes, that are told apart. */
  public static final int MAX_NAMES = 32;

  /** The name of those beyond. */
  public static final String OTHER = "(other)";

  private final MeterSet meters;
  private final String broker;
  private final Map<String, Connection> connections = new HashMap<>();
  private final Map<String, Cause> causes = new HashMap<>();
  private final Map<String, LongTaskTimer.Sample> blocked = new HashMap<>();

  private record Connection(Counter lost, Counter restored) {}

  private record Cause(LongTaskTimer active, Timer over) {}

  /**
   * Measures into a registry.
   *
   * @param broker the kind of broker, such as {@code kafka}
   */
  public BrokerMeters(MeterRegistry registry, String broker) {
    this.meters = new MeterSet(registry);
    this.broker = broker;
  }

  @Override
  public synchronized void lost(String connection, String why) {
    connection(connection).lost.increment();
  }

  @Override
  public synchronized void restored(String connection) {
    connection(connection).restored.increment();
  }

  @Override
  public synchronized void blocked(String cause, String why) {
    if (!blocked.containsKey(cause)) {
      blocked.put(cause, cause(cause).active.start());
    }
  }

  @Override
  public synchronized void unblocked(String cause) {
    LongTaskTimer.Sample sample = blocked.remove(cause);
    if (sample != null) {
      long nanos = sample.stop();
      cause(cause).over.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  private Connection connection(String name) {
    return connections.computeIfAbsent(
        bounded(connections, name),
        known ->
            new Connection(
                meters.add(
                    Counter.builder("bowline.connection.lost")
                            .description("Connections to the broker that were lost")
                            .tags("broker", broker, "connection", known)
                        ::register),
                meters.add(
                    Counter.builder("bowline.connection.restored")
                            .description("Lost connections to the broker that came back")
                            .tags("broker", broker, "connection", known)
                        ::register)));
  }

  private Cause cause(String name) {
    return causes.computeIfAbsent(
        bounded(causes, name),
        known ->
            new Cause(
                meters.add(
                    LongTaskTimer.builder("bowline.broker.blocked.active")
                            .description("How long the broker has been taking no messages")
                            .tags("broker", broker, "cause", known)
                        ::register),
                meters.add(
                    Timer.builder("bowline.broker.blocked")
                            .description(
                                "How long the broker took no messages, each time it is over")
                            .tags("broker", broker, "cause", known)
                        ::register)));
  }

  private static String bounded(Map<String, ?> known, String name) {
    return known.containsKey(name) || known.size() < MAX_NAMES ? name : OTHER;
  }

  /** Takes the meters out of the registry. */
  @Override
  public synchronized void close() {
    blocked.values().forEach(LongTaskTimer.Sample::stop);
    blocked.clear();
    meters.close();
  }
}
