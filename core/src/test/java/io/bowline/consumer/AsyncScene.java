// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import io.bowline.transport.ScriptedTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A {@link Scene} whose handler returns a stage for each message, which the test ends. */
final class AsyncScene implements AutoCloseable {
  private final Scene scene = new Scene();
  final ScriptedTransport broker = scene.broker;
  final ConsumerBuilder builder = scene.builder;
  final List<String> begun = new CopyOnWriteArrayList<>();
  final Map<String, CompletableFuture<String>> stages = new ConcurrentHashMap<>();
  private @Nullable ReliableConsumer consumer;

  ScriptedSubscription start() throws InterruptedException {
    return start(
        message -> {
          CompletableFuture<String> stage = new CompletableFuture<>();
          stages.put(message.text(), stage);
          begun.add(message.text());
          return stage;
        });
  }

  ScriptedSubscription start(AsyncHandler handler) throws InterruptedException {
    consumer = builder.startAsync(handler);
    return broker.nextSubscription();
  }

  ReliableConsumer consumer() {
    return Objects.requireNonNull(consumer);
  }

  /** The newest stage of this message. */
  CompletableFuture<String> stage(String text) {
    Await.until("the handler began " + text, () -> begun.contains(text));
    return Objects.requireNonNull(stages.get(text));
  }

  void awaitBegun(int times, String text) {
    Await.until(
        text + " began " + times + " times",
        () -> begun.stream().filter(text::equals).count() == times);
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close(Duration.ZERO);
    }
  }
}
