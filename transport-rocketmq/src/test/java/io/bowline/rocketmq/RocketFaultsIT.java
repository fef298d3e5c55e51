// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.faults.FaultProxy;
import io.bowline.testkit.servers.LocalRocket;
import io.bowline.testkit.servers.LocalRocketSetup;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.BrokerEvents;
import io.bowline.transport.Delivery;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of sends when a real RocketMQ, or the way to it, breaks. */
final class RocketFaultsIT {
  private static final int MANY = Boolean.getBoolean("bowline.long") ? 20_000 : 1_000;

  private static LocalRocket server;
  private static FaultProxy way;

  private final String topic = "faults." + UUID.randomUUID();
  private final Set<String> blockedBy = new ConcurrentSkipListSet<>();
  private Transport transport;

  RocketFaultsIT() {
    transport = open(Duration.ofSeconds(5));
  }

  @BeforeAll
  static void start() {
    server =
        LocalRocket.startNew(
            LocalRocketSetup.plain().cluster().broker("sendMessageThreadPoolNums", "1"));
    way = server.proxied().orElseThrow().proxy();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Transport open(Duration confirmTimeout) {
    BrokerAddress address = BrokerAddress.parse(server.proxied().orElseThrow().address());
    return new RocketTransportProvider()
        .open(TransportConfig.of(address).confirmTimeout(confirmTimeout).events(new Blockages()));
  }

  private final class Blockages implements BrokerEvents {
    @Override
    public void lost(String connection, String why) {}

    @Override
    public void restored(String connection) {}

    @Override
    public void blocked(String cause, String why) {
      blockedBy.add(cause);
    }

    @Override
    public void unblocked(String cause) {}
  }

  @BeforeEach
  void make() {
    transport.admin().ensure(TopicSpec.of(topic).groups("reader"));
    transport.send(message("first")).join();
  }

  @AfterEach
  void close() {
    way.forward();
    transport.close();
  }

  private Outgoing message(String text) {
    return new Outgoing(
        text, topic, Math.floorMod(text.hashCode(), 8), text, Map.of(), text.getBytes(UTF_8));
  }

  /** The outcome: no verdict is a confirmation. */
  private static String outcome(CompletableFuture<Receipt> send) {
    return send.handle(
            (receipt, failure) ->
                failure == null ? "CONFIRMED" : ((TransportException) failure).verdict().name())
        .join();
  }

  private Map<String, String> outcomes(Map<String, CompletableFuture<Receipt>> sends) {
    Map<String, String> outcomes = new LinkedHashMap<>();
    sends.forEach((text, send) -> outcomes.put(text, outcome(send)));
    return outcomes;
  }

  private static Set<String> those(Map<String, String> outcomes, String verdict) {
    Set<String> texts = new TreeSet<>(outcomes.keySet());
    texts.removeIf(text -> !verdict.equals(outcomes.get(text)));
    return texts;
  }

  /** Sends until one is confirmed: the broker is back. */
  private String sentAfterwards() {
    long end = System.nanoTime() + Reading.PATIENCE.toNanos();
    for (int i = 0; System.nanoTime() - end < 0; i++) {
      String text = "afterwards" + i;
      if (outcome(transport.send(message(text))).equals("CONFIRMED")) {
        return text;
      }
    }
    throw new AssertionError("no send was confirmed any more: " + way);
  }

  /** A way past the one that breaks, and patient. */
  private static Transport aside() {
    BrokerAddress address = BrokerAddress.parse(server.address());
    return new RocketTransportProvider()
        .open(TransportConfig.of(address).connectTimeout(Reading.PATIENCE));
  }

  private void awaitStored(long messages) {
    long end = System.nanoTime() + Reading.PATIENCE.toNanos();
    try (Transport aside = aside()) {
      long stored = 0;
      while (stored < messages && System.nanoTime() - end < 0) {
        stored = aside.admin().backlog(topic, "reader").messages();
      }
      assertEquals(messages, stored);
    }
  }

  private List<String> readUntil(String last) {
    List<String> read = Collections.synchronizedList(new ArrayList<>());
    try (Transport aside = aside();
        Subscription reader =
            aside.subscribe(new SubscriptionSpec(topic, "reader", 500), Reading.ANY_LANE)) {
      long end = System.nanoTime() + Reading.PATIENCE.multipliedBy(2).toNanos();
      // All that came before it may lie in other queues: so until it is quiet for a while.
      int quiet = 0;
      while ((!read.contains(last) || quiet < 4) && System.nanoTime() - end < 0) {
        List<Delivery> some = reader.poll(500, Duration.ofSeconds(1));
        some.forEach(reader::accept);
        some.forEach(each -> read.add(Reading.text(each)));
        quiet = some.isEmpty() ? quiet + 1 : 0;
      }
    }
    return read;
  }

  private void assertKept(Map<String, String> outcomes) {
    List<String> read = readUntil(sentAfterwards());
    Set<String> lost = those(outcomes, "CONFIRMED");
    lost.removeAll(read);
    assertEquals(Set.of(), lost, "confirmed and not there");
    for (String verdict : List.of("NOT_STORED", "REFUSED")) {
      Set<String> there = those(outcomes, verdict);
      there.retainAll(read);
      assertEquals(Set.of(), there, verdict + " and there");
    }
  }

  @Test
  void killedUnderLoadItLosesNothingThatWasConfirmed() {
    Map<String, CompletableFuture<Receipt>> sends = new LinkedHashMap<>();
    for (int i = 0; i < MANY; i++) {
      CompletableFuture<Receipt> send = transport.send(message("m" + i));
      sends.put("m" + i, send);
      if (i == MANY / 2) {
        server.kill();
      } else if (i % 5 == 0) {
        outcome(send);
      }
    }
    Map<String, String> outcomes = outcomes(sends);
    assertTrue(those(outcomes, "CONFIRMED").size() > MANY / 4, outcomes::toString);
    server.start();
    assertKept(outcomes);
  }

  @Test
  void pausedPastTheDeadlineASendIsUnknownAndWithinItIsConfirmed() {
    server.pause();
    CompletableFuture<Receipt> late = transport.send(message("late"));
    assertEquals("UNKNOWN", outcome(late));
    CompletableFuture<Receipt> inTime = transport.send(message("in time"));
    server.resume();
    assertEquals("CONFIRMED", outcome(inTime));
    assertKept(Map.of("in time", "CONFIRMED"));
  }

  @Test
  void cutBetweenWriteAndAnswerItIsUnknownAtOnceAndStored() {
    try (Transport patient = open(Duration.ofMinutes(2))) {
      patient.send(message("before")).join();
      way.dropAnswers();
      CompletableFuture<Receipt> send = patient.send(message("cut"));
      awaitStored(3); // the first, the one before, and this one
      long cutAt = System.nanoTime();
      way.cutAfterRequests();
      assertEquals("UNKNOWN", outcome(send));
      Duration took = Duration.ofNanos(System.nanoTime() - cutAt);
      assertTrue(took.compareTo(Duration.ofSeconds(9)) < 0, "told after " + took);
    }
    List<String> read = readUntil(sentAfterwards());
    assertEquals(1, Collections.frequency(read, "cut"), "one send is one request: " + read);
  }

  @Test
  void aHalfOpenConnectionIsNoticedAndReplaced() {
    way.freezePresent();
    Map<String, CompletableFuture<Receipt>> sends = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      sends.put("frozen" + i, transport.send(message("frozen" + i)));
    }
    Map<String, String> outcomes = outcomes(sends);
    assertEquals(50, those(outcomes, "UNKNOWN").size(), outcomes::toString);
    assertKept(outcomes);
  }

  @Test
  void joiningGoesOnUntilTheConnectTimeoutIsOver() throws Exception {
    BrokerAddress address = BrokerAddress.parse(server.proxied().orElseThrow().address());
    TransportConfig config = TransportConfig.of(address).connectTimeout(Reading.PATIENCE);
    RocketClient client = new RocketClient(RocketSettings.of(config));
    way.freeze();
    long before = way.connections();
    CompletableFuture<SimpleConsumer> joining =
        CompletableFuture.supplyAsync(() -> client.consumer(RocketNames.topic(topic), "reader"));
    way.awaitConnections(before + 2, Reading.PATIENCE); // its first try had no answer
    way.forward();
    joining.join().close();
  }

  @Test
  void tooManyRequestsAreNotStoredAndToldAsBlocked() throws Exception {
    Map<String, CompletableFuture<Receipt>> sends = new LinkedHashMap<>();
    try (Operator operator = new Operator(server.address())) {
      operator.set("asyncSendEnable", "false"); // its one thread waits for the disk, each time
      operator.set("waitTimeMillsInSendQueue", "0"); // what waits for that thread is turned away
      for (int i = 0; i < MANY; i++) {
        sends.put("m" + i, transport.send(message("m" + i)));
      }
      CompletableFuture.allOf(sends.values().toArray(CompletableFuture<?>[]::new))
          .exceptionally(refused -> null)
          .join();
      operator.set("asyncSendEnable", "true");
      operator.set("waitTimeMillsInSendQueue", "200");
    }
    Map<String, String> outcomes = outcomes(sends);
    assertTrue(!those(outcomes, Verdict.NOT_STORED.name()).isEmpty(), outcomes::toString);
    assertEquals(Set.of(SendSigns.BUSY), blockedBy);
    assertKept(outcomes);
  }
}
