// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.consume;

import io.bowline.benchmarks.measure.ModuleApart;
import java.io.IOException;
import java.util.Map;

/**
 * Confluent's Parallel Consumer, in the order of keys. It works with an older Kafka client than
 * ours, so it has a class loader of its own, in the same process.
 */
final class ParallelConsumerReader implements Reader {
  private static final String ENTRY = "io.bowline.benchmarks.parallel.ParallelReading";

  private final AutoCloseable processor;
  private final ModuleApart module;

  private ParallelConsumerReader(AutoCloseable processor, ModuleApart module) {
    this.processor = processor;
    this.module = module;
  }

  static Opener opener(String hosts, int concurrency) {
    return task -> {
      Map<String, String> settings =
          Map.of("hosts", hosts, "topic", task.place.topic(), "group", task.place.group());
      ModuleApart module = new ModuleApart("parallel-consumer");
      Object processor =
          module.within(
              () ->
                  module
                      .load(ENTRY)
                      .getMethod("open", Map.class, int.class, Runnable.class)
                      .invoke(null, settings, concurrency, (Runnable) task::handle));
      return new ParallelConsumerReader((AutoCloseable) processor, module);
    };
  }

  @Override
  public void close() throws IOException {
    try {
      processor.close();
    } catch (IOException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException("The Parallel Consumer did not close", failure);
    } finally {
      module.close();
    }
  }
}
