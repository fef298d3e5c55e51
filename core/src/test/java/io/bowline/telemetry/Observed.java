// SPDX-License-Identifier: Apache-2.0
package io.bowline.telemetry;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A tracer in small: keeps what is observed, and writes and reads one header. Thread-safe. */
public final class Observed implements ObservationHandler<Observation.Context> {
  /** The header that goes from sender to receiver. */
  public static final String HEADER = "traceparent";

  /** Where observations go. */
  public final ObservationRegistry registry = ObservationRegistry.create();

  /** Those that ended, in that order. */
  public final List<Observation.Context> ended = new CopyOnWriteArrayList<>();

  /** The names of events, in their order. */
  public final List<String> events = new CopyOnWriteArrayList<>();

  /** Keeps all that its registry is given. */
  public Observed() {
    registry.observationConfig().observationHandler(this);
  }

  /** Breaks each step of observations from now on. */
  public void breakDown() {
    registry.observationConfig().observationHandler(new Broken());
  }

  @Override
  public void onStart(Observation.Context context) {
    if (context instanceof SenderContext<?> sender) {
      write(sender);
    }
    if (context instanceof ReceiverContext<?> receiver) {
      context.put("continues", String.valueOf(read(receiver)));
    }
  }

  private static <C> void write(SenderContext<C> sender) {
    sender.getSetter().set(sender.getCarrier(), HEADER, "00-trace-span-01");
  }

  private static <C> Object read(ReceiverContext<C> receiver) {
    C carrier = receiver.getCarrier();
    Object found = carrier == null ? null : receiver.getGetter().get(carrier, HEADER);
    return found == null ? "nothing" : found;
  }

  @Override
  public void onEvent(Observation.Event event, Observation.Context context) {
    events.add(event.getName());
  }

  @Override
  public void onStop(Observation.Context context) {
    ended.add(context);
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return true;
  }

  /** What an observation told of low and of high cardinality. */
  public static Map<String, String> told(Observation.Context context) {
    Map<String, String> all = new java.util.TreeMap<>();
    Consumer<io.micrometer.common.KeyValue> keep = one -> all.put(one.getKey(), one.getValue());
    context.getLowCardinalityKeyValues().forEach(keep);
    context.getHighCardinalityKeyValues().forEach(keep);
    return all;
  }

  private static final class Broken implements ObservationHandler<Observation.Context> {
    @Override
    public void onStart(Observation.Context context) {
      throw new IllegalStateException("start");
    }

    @Override
    public void onStop(Observation.Context context) {
      throw new IllegalStateException("stop");
    }

    @Override
    public void onScopeOpened(Observation.Context context) {
      throw new IllegalStateException("scope");
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }
}
