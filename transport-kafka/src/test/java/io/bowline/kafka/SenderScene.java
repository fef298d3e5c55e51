// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.BrokerEvents;
import io.bowline.transport.Outgoing;
import io.bowline.transport.Receipt;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;

/** A sender on scripted producers, and what it told. */
final class SenderScene implements BrokerEvents, AutoCloseable {
  final List<ScriptedProducer> opened = new CopyOnWriteArrayList<>();
  final List<String> unreachable = new CopyOnWriteArrayList<>();
  final List<String> told = new CopyOnWriteArrayList<>();
  final KafkaSender sender;

  SenderScene(Duration confirmTimeout, LoginWatch watch) {
    TransportConfig config =
        TransportConfig.of(BrokerAddress.parse("kafka://localhost"))
            .confirmTimeout(confirmTimeout)
            .events(this);
    sender = new KafkaSender(this::open, config, watch, unreachable::add);
  }

  SenderScene() {
    this(Duration.ofSeconds(30), LoginWatch.NONE);
  }

  private Producer<byte[], byte[]> open() {
    ScriptedProducer producer = new ScriptedProducer();
    opened.add(producer);
    return producer;
  }

  ScriptedProducer producer() {
    return opened.get(opened.size() - 1);
  }

  /** Sends a message whose id and body are this letter, to lane 2. */
  CompletableFuture<Receipt> send(String letter) {
    return send(letter, 2);
  }

  CompletableFuture<Receipt> send(String letter, int lane) {
    byte[] body = {(byte) letter.charAt(0)};
    return sender.send(new Outgoing(letter, "orders", lane, "key", Map.of(), body));
  }

  /** Lets messages of lane 2 follow each other: its first is stored. */
  void openLane() {
    CompletableFuture<Receipt> first = send("0");
    assertTrue(producer().completeNext());
    assertTrue(first.isDone());
  }

  static TransportException failure(CompletableFuture<Receipt> send) {
    assertTrue(send.isDone(), "still under way");
    CompletionException thrown = assertThrows(CompletionException.class, send::join);
    return assertInstanceOf(TransportException.class, thrown.getCause());
  }

  /** Sends until a message is under way; what was turned away before that. */
  List<CompletableFuture<Receipt>> sendUntilTaken(String letter) {
    List<CompletableFuture<Receipt>> sends = new ArrayList<>();
    await(
        () -> {
          CompletableFuture<Receipt> send = send(letter);
          sends.add(send);
          return !send.isDone();
        });
    return sends;
  }

  static void await(BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited 20 s in vain");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Override
  public void lost(String connection, String why) {
    told.add("lost " + connection + ": " + why);
  }

  @Override
  public void restored(String connection) {
    told.add("restored " + connection);
  }

  @Override
  public void blocked(String cause, String why) {
    told.add("blocked " + cause);
  }

  @Override
  public void unblocked(String cause) {
    told.add("unblocked " + cause);
  }

  @Override
  public void close() {
    sender.close();
  }
}
