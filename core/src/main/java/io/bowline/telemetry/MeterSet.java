// SPDX-License-Identifier: Apache-2.0
package io.bowline.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters that one producer or connection uses. Those that measure the same thing under the same
 * name and tags share a meter: counts and times add up, gauges show the sum or the largest. A meter
 * leaves the registry when the last that uses it is closed, so that what is opened and closed again
 * and again leaves nothing behind. Thread-safe; meters are registered under one lock of the
 * process, so keep the meters themselves and ask for each once.
 */
public final class MeterSet implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MeterSet.class);

  /** Guarded by itself. Weak, so that a registry that nobody uses any more is not kept. */
  private static final Map<MeterRegistry, Map<Meter.Id, Shared>> USED = new WeakHashMap<>();

  private final MeterRegistry registry;
  private final List<Use> uses = new ArrayList<>();
  private boolean closed;
  private boolean warned;

  /** A meter, how many use it, and the parts that a gauge adds up. */
  private static final class Shared {
    final Meter meter;
    final List<DoubleSupplier> parts;
    int users;

    Shared(Meter meter, List<DoubleSupplier> parts) {
      this.meter = meter;
      this.parts = parts;
    }

    Shared(Meter meter) {
      this(meter, List.of());
    }
  }

  private record Use(Meter.Id id, @Nullable DoubleSupplier part) {}

  /** A set without meters, in this registry. */
  public MeterSet(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Registers a meter, or takes the one that is there already. What the registry refuses, such as a
   * name that another kind of meter has, is not measured, with a WARN: figures never cost a
   * message.
   *
   * @param register {@code Counter.builder(…)…::register}
   */
  public <M extends Meter> M add(Function<MeterRegistry, M> register) {
    synchronized (USED) {
      try {
        M meter = register.apply(registry);
        use(meter.getId(), null, first -> new Shared(meter));
        return meter;
      } catch (RuntimeException refused) {
        M unseen = register.apply(new CompositeMeterRegistry());
        warn(unseen.getId(), refused);
        return unseen;
      }
    }
  }

  /**
   * Registers a gauge that shows this part, plus those of others who use the same gauge.
   *
   * @param gauge its name, tags, unit and description
   */
  public void addGauge(Meter.Id gauge, DoubleSupplier part) {
    add(gauge, part, DoubleStream::sum);
  }

  /**
   * Registers a gauge that shows the largest of this part and those of others who use the same
   * gauge; a part that is not a number is left out while others are numbers.
   *
   * @param gauge its name, tags, unit and description
   */
  public void addLargest(Meter.Id gauge, DoubleSupplier part) {
    add(gauge, part, parts -> parts.filter(known -> !Double.isNaN(known)).max().orElse(Double.NaN));
  }

  private void add(Meter.Id gauge, DoubleSupplier part, ToDoubleFunction<DoubleStream> together) {
    synchronized (USED) {
      try {
        use(gauge, part, id -> gauge(id, together));
      } catch (RuntimeException refused) {
        warn(gauge, refused);
      }
    }
  }

  /** Registered once only: Micrometer ignores a gauge that comes again, and warns of it. */
  private Shared gauge(Meter.Id id, ToDoubleFunction<DoubleStream> together) {
    List<DoubleSupplier> parts = new CopyOnWriteArrayList<>();
    Supplier<Number> value =
        () -> together.applyAsDouble(parts.stream().mapToDouble(DoubleSupplier::getAsDouble));
    Meter gauge =
        Gauge.builder(id.getName(), value)
            .tags(id.getTags())
            .baseUnit(id.getBaseUnit())
            .description(id.getDescription())
            .strongReference(true)
            .register(registry);
    return new Shared(gauge, parts);
  }

  private void warn(Meter.Id id, RuntimeException refused) {
    if (!warned) {
      log.warn("The meter registry refused {}, which is not measured", id, refused);
    }
    warned = true;
  }

  private void use(Meter.Id id, @Nullable DoubleSupplier part, Function<Meter.Id, Shared> first) {
    Shared shared = used().computeIfAbsent(id, first);
    shared.users++;
    if (part != null) {
      shared.parts.add(part);
    }
    Use use = new Use(id, part);
    uses.add(use);
    if (closed) {
      leave(use);
    }
  }

  private Map<Meter.Id, Shared> used() {
    return USED.computeIfAbsent(registry, first -> new HashMap<>());
  }

  private void leave(Use use) {
    Shared shared = used().get(use.id);
    if (shared == null) {
      return;
    }
    if (use.part != null) {
      shared.parts.remove(use.part);
    }
    shared.users--;
    if (shared.users == 0) {
      used().remove(use.id);
      registry.remove(shared.meter);
    }
  }

  /** Lets the meters go; those that nobody else uses leave the registry. */
  @Override
  public void close() {
    synchronized (USED) {
      uses.forEach(this::leave);
      uses.clear();
      closed = true;
    }
  }
}
