// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.consumer.Handler;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.producer.ReliableProducer;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Verdict;
import io.micrometer.observation.Observation;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces through producer, broker and consumer, with the tracer that services have. */
@Timeout(60)
final class TracesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicInteger BROKERS = new AtomicInteger();

  private final String name = "traces-" + BROKERS.incrementAndGet();
  private final Tracing sending = new Tracing();
  private final Tracing receiving = new Tracing();
  private final Bowline sender =
      Bowline.at("memory://" + name).observations(sending.registry).connect();
  private final Bowline receiver =
      Bowline.at("memory://" + name).observations(receiving.registry).connect();
  private final ReliableProducer producer = sender.producer("shop").open();
  private final BlockingQueue<Received> seen = new LinkedBlockingQueue<>();

  @BeforeEach
  void topics() {
    sender.admin().ensure(TopicSpec.of("orders").groups("billing"));
    sender.admin().ensure(TopicSpec.of("dead").groups("mending"));
  }

  @AfterEach
  void close() {
    sender.close();
    receiver.close();
    sending.close();
    receiving.close();
  }

  private Received next() throws InterruptedException {
    return Objects.requireNonNull(seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  /** Only what was closed has surely told all. */
  private Received handledBy(Handler handler) throws InterruptedException {
    try (ReliableConsumer consumer = receiver.consumer("orders", "billing").start(handler)) {
      Received first = next();
      consumer.close(PATIENCE);
      return first;
    }
  }

  private static SpanData only(List<SpanData> spans) {
    assertEquals(1, spans.size(), spans::toString);
    return spans.get(0);
  }

  @Test
  void theConsumersSpanIsAChildOfTheProducers() throws InterruptedException {
    Receipt unused = producer.send(Message.to("orders").key("user-7").text("100")).join();
    Received received = handledBy(seen::add);
    SpanData sent = only(sending.spans("send orders"));
    SpanData processed = only(receiving.spans("process orders"));
    String header = String.valueOf(received.headers().get("traceparent"));
    assertTrue(header.startsWith("00-" + sent.getTraceId() + "-" + sent.getSpanId() + "-"), header);
    assertEquals(sent.getTraceId(), processed.getTraceId());
    assertEquals(sent.getSpanId(), processed.getParentSpanId());
    assertEquals(SpanKind.PRODUCER, sent.getKind());
    assertEquals(SpanKind.CONSUMER, processed.getKind());
  }

  @Test
  void theSendIsAPartOfWhatTheCallerDoes() {
    Observation caller = Observation.start("request", sending.registry);
    CompletableFuture<Receipt> sent =
        Objects.requireNonNull(
            caller.scoped(() -> producer.send(Message.to("orders").text("100"))));
    Receipt unused = sent.join();
    caller.stop();
    assertEquals(
        only(sending.spans("request")).getSpanId(),
        only(sending.spans("send orders")).getParentSpanId());
  }

  @Test
  void theHandlersOwnWorkIsAPartOfItsSpan() throws InterruptedException {
    Receipt unused = producer.send(Message.to("orders").text("100")).join();
    Received received =
        handledBy(
            message -> {
              Observation.createNotStarted("query", receiving.registry)
                  .observe(() -> seen.add(message));
            });
    assertNotEquals("", received.id());
    assertEquals(
        only(receiving.spans("process orders")).getSpanId(),
        only(receiving.spans("query")).getParentSpanId());
  }

  @Test
  void everyTryCarriesTheSameTrace() throws InterruptedException {
    InMemoryBroker.named(name).failNext(1, Verdict.NOT_STORED);
    Receipt unused = producer.send(Message.to("orders").key("user-7").text("100")).join();
    Received received = handledBy(seen::add);
    SpanData sent = only(sending.spans("send orders"));
    assertTrue(
        Objects.requireNonNull(received.headers().get("traceparent")).contains(sent.getSpanId()));
    assertEquals(1, sent.getEvents().size());
  }

  @Test
  void aDeadLetterStaysInTheTraceOfItsMessage() throws InterruptedException {
    Receipt unused = producer.send(Message.to("orders").text("100")).join();
    try (ReliableConsumer billing =
            receiver
                .consumer("orders", "billing")
                .deadLetters("dead")
                .start(
                    message -> {
                      throw new Unprocessable("no such bean");
                    });
        ReliableConsumer mending = receiver.consumer("dead", "mending").start(seen::add)) {
      Received dead = next();
      assertNotEquals("", dead.id());
      mending.close(PATIENCE);
      billing.close(PATIENCE);
    }
    SpanData sent = only(sending.spans("send orders"));
    SpanData failed = only(receiving.spans("process orders"));
    SpanData copied = only(receiving.spans("dead-letter orders"));
    SpanData copy = only(receiving.spans("send dead"));
    SpanData mended = only(receiving.spans("process dead"));
    assertEquals(StatusCode.ERROR, failed.getStatus().getStatusCode());
    assertEquals(sent.getSpanId(), copied.getParentSpanId());
    assertEquals(copied.getSpanId(), copy.getParentSpanId());
    assertEquals(copy.getSpanId(), mended.getParentSpanId());
    assertEquals(sent.getTraceId(), mended.getTraceId());
  }

  @Test
  void withoutARegistryNoHeaderIsWritten() throws InterruptedException {
    try (Bowline unobserved = Bowline.connect("memory://" + name)) {
      Receipt unused =
          unobserved.producer("plain").open().send(Message.to("orders").text("100")).join();
      assertNull(handledBy(seen::add).headers().get("traceparent"));
    }
  }
}
