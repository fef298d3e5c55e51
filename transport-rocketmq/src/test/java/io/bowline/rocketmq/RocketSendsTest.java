// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import apache.rocketmq.v2.Code;
import io.bowline.testkit.faults.FaultProxy;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.BrokerEvents;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a send does on the wire, with a proxy of the client's own classes that obeys the test. */
final class RocketSendsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What was told of connections, in order. */
  private static final class Told implements BrokerEvents {
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void lost(String connection, String why) {
      events.add("lost " + connection);
    }

    @Override
    public void restored(String connection) {
      events.add("restored " + connection);
    }

    @Override
    public void blocked(String cause, String why) {
      events.add("blocked by " + cause);
    }

    @Override
    public void unblocked(String cause) {
      events.add("unblocked " + cause);
    }

    void await(String event) {
      try {
        assertEquals(event, events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private final Told told = new Told();
  private final FakeProxy fake;
  private final FaultProxy way;

  RocketSendsTest() throws IOException {
    fake = new FakeProxy();
    way = FaultProxy.to("127.0.0.1", fake.port());
  }

  @BeforeEach
  void quietly() {
    assertTrue(told.events.isEmpty());
  }

  @AfterEach
  void end() {
    way.close();
    fake.close();
  }

  private Transport open(Duration confirmTimeout) {
    return new RocketTransportProvider()
        .open(
            TransportConfig.of(BrokerAddress.parse("rocketmq://127.0.0.1:" + way.port()))
                .connectTimeout(PATIENCE)
                .confirmTimeout(confirmTimeout)
                .events(told));
  }

  private static Outgoing message(String key, String text) {
    return new Outgoing(text, "topic", 0, key, Map.of(), text.getBytes(UTF_8));
  }

  private static Verdict failure(CompletableFuture<Receipt> send) {
    CompletionException failed = assertThrows(CompletionException.class, send::join);
    return assertInstanceOf(TransportException.class, failed.getCause()).verdict();
  }

  @ParameterizedTest
  @CsvSource({
    "MASTER_PERSISTENCE_TIMEOUT, UNKNOWN",
    "SLAVE_PERSISTENCE_TIMEOUT, UNKNOWN",
    "HA_NOT_AVAILABLE, UNKNOWN",
    "INTERNAL_SERVER_ERROR, UNKNOWN",
    "PROXY_TIMEOUT, UNKNOWN",
    "TOO_MANY_REQUESTS, NOT_STORED",
    "UNAUTHORIZED, REFUSED",
    "ILLEGAL_TOPIC, REFUSED"
  })
  void oneSendIsOneRequestWhateverTheAnswer(Code code, Verdict verdict) {
    fake.answers(request -> Optional.of(code));
    try (Transport transport = open(PATIENCE)) {
      assertEquals(verdict, failure(transport.send(message("k", "text"))));
      fake.answers(request -> Optional.of(Code.OK));
      transport.send(message("k", "later")).join();
    }
    assertEquals(2, fake.sends().size(), "the client tried again by itself");
  }

  @Test
  void tooManyRequestsBlockForAMoment() {
    fake.answers(request -> Optional.of(Code.TOO_MANY_REQUESTS));
    try (Transport transport = open(PATIENCE)) {
      assertEquals(Verdict.NOT_STORED, failure(transport.send(message("k", "text"))));
      told.await("blocked by too many requests");
      told.await("unblocked too many requests");
    }
  }

  @Test
  void whatIsCutIsUnknownAtOnceAndTheNextGoesThrough() {
    try (Transport transport = open(Duration.ofMinutes(5))) {
      transport.send(message("k", "before")).join();
      fake.answers(request -> Optional.empty());
      List<CompletableFuture<Receipt>> sends = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        sends.add(transport.send(message("k" + i, "cut" + i)));
      }
      awaitSends(21);
      way.cutAll();
      sends.forEach(each -> assertEquals(Verdict.UNKNOWN, failure(each)));
      fake.answers(request -> Optional.of(Code.OK));
      told.await("lost sending");
      sentAgain(transport);
      told.await("restored sending");
    }
  }

  private void awaitSends(int many) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (fake.sends().size() < many && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertEquals(many, fake.sends().size());
  }

  /** As a producer does: until it is confirmed. */
  private static void sentAgain(Transport transport) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    CompletableFuture<Receipt> send = transport.send(message("k", "again"));
    while (send.handle((receipt, failure) -> failure != null).join()) {
      assertTrue(System.nanoTime() - end < 0, "no send was confirmed any more");
      send = transport.send(message("k", "again"));
    }
  }

  @Test
  void aConnectionThatIsDeadWithoutSayingSoIsReplaced() {
    try (Transport transport = open(Duration.ofSeconds(2))) {
      transport.send(message("k", "before")).join();
      way.freezePresent();
      assertEquals(Verdict.UNKNOWN, failure(transport.send(message("k", "into the void"))));
      told.await("lost sending");
      sentAgain(transport);
      told.await("restored sending");
    }
  }

  @Test
  void nobodyListensIsNotStored() {
    try (Transport transport = open(PATIENCE)) {
      transport.send(message("k", "before")).join();
      way.close();
      CompletableFuture<Receipt> first = transport.send(message("k", "cut"));
      assertTrue(first.handle((receipt, failure) -> failure != null).join());
      assertEquals(Verdict.NOT_STORED, failure(transport.send(message("k", "nowhere"))));
    }
    assertEquals(1, fake.sends().size());
  }

  @Test
  void sendReturnsThoughTheProxyDoesNot() {
    fake.answers(request -> Optional.empty());
    try (Transport transport = open(Duration.ofSeconds(5))) {
      List<CompletableFuture<Receipt>> sends = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 1_000; i++) {
        sends.add(transport.send(message("k" + i % 10, "m" + i)));
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, "handing over took " + took);
      sends.forEach(each -> assertFalse(each.handle((done, failure) -> failure == null).join()));
    }
    // A key's next one begins when the time of its first is over, and its own not quite.
    assertTrue(fake.sends().size() < 500, "one at a time of each key: " + fake.sends().size());
  }

  @Test
  void sendsOfAKeyAreUnderWayOneAtATime() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    fake.answers(
        request -> {
          try {
            go.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Optional.of(Code.OK);
        });
    try (Transport transport = open(PATIENCE)) {
      List<CompletableFuture<Receipt>> sends = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        sends.add(transport.send(message("k" + i % 2, "m" + i)));
      }
      awaitSends(2);
      go.countDown();
      sends.forEach(CompletableFuture::join);
    }
    List<String> bodies =
        fake.sends().stream().map(each -> each.getMessages(0).getBody().toStringUtf8()).toList();
    assertEquals(List.of("m0", "m2", "m4"), bodies.stream().filter(of(0)).toList());
    assertEquals(List.of("m1", "m3", "m5"), bodies.stream().filter(of(1)).toList());
  }

  private static Predicate<String> of(int rest) {
    return text -> Integer.parseInt(text.substring(1)) % 2 == rest;
  }
}
