// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import io.bowline.benchmarks.measure.ModuleApart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;

/** An outbox of others, by its class in the module of those. */
final class OtherDrain implements Drain {
  private final ModuleApart module;
  private final Object outbox;

  private OtherDrain(ModuleApart module, Object outbox) {
    this.module = module;
    this.outbox = outbox;
  }

  static Opener of(String name) {
    return (place, topic) -> {
      ModuleApart module = new ModuleApart("outboxes");
      Map<String, String> settings =
          Map.of("hosts", place.kafkaHosts(), "topic", topic, "database", place.databaseAddress());
      Class<?> type = module.load("io.bowline.benchmarks.outboxes." + name);
      return new OtherDrain(
          module, module.within(() -> type.getConstructor(Map.class).newInstance(settings)));
    };
  }

  @Override
  public void fill(int messages) throws Exception {
    call("fill", messages);
  }

  @Override
  public void drain(int messages) throws Exception {
    call("drain", messages);
  }

  private void call(String method, int messages) throws Exception {
    try {
      Object unused =
          module.within(
              () -> outbox.getClass().getMethod(method, int.class).invoke(outbox, messages));
    } catch (InvocationTargetException failure) {
      throw new IllegalStateException(method + " of " + outbox + " failed", failure.getCause());
    }
  }

  @Override
  public void close() {
    try (module) {
      ((AutoCloseable) outbox).close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (Exception failure) {
      throw new IllegalStateException(outbox + " did not close", failure);
    }
  }
}
