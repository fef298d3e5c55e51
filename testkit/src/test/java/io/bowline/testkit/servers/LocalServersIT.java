// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LocalServersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a frozen server is watched: a live one answers in a few milliseconds. */
  private static final Duration SILENCE = Duration.ofMillis(500);

  @Test
  void killedKafkaComesBackAtItsAddress() throws IOException {
    try (LocalKafka kafka = LocalKafka.startNew()) {
      killedComesBack(kafka, kafka.process(), Wire.KAFKA_QUESTION);
    }
  }

  @Test
  void killedRocketComesBackAtItsAddress() throws IOException {
    try (LocalRocket rocket = LocalRocket.startNew()) {
      killedComesBack(rocket, rocket.process(), Wire.GRPC_QUESTION);
    }
  }

  @Test
  void pausedKafkaAnswersWhenResumed() throws IOException {
    try (LocalKafka kafka = LocalKafka.startNew()) {
      pausedAnswersWhenResumed(kafka, Wire.KAFKA_QUESTION);
    }
  }

  @Test
  void pausedRocketAnswersWhenResumed() throws IOException {
    try (LocalRocket rocket = LocalRocket.startNew()) {
      pausedAnswersWhenResumed(rocket, Wire.GRPC_QUESTION);
    }
  }

  @Test
  void closedKafkaLeavesNothing() {
    LocalKafka kafka = LocalKafka.startNew();
    closedLeavesNothing(kafka, kafka.process(), kafka.folder());
  }

  @Test
  void closedRocketLeavesNothing() {
    LocalRocket rocket = LocalRocket.startNew();
    closedLeavesNothing(rocket, rocket.process(), rocket.folder());
  }

  @Test
  void pausedKafkaCanBeKilled() throws IOException {
    try (LocalKafka kafka = LocalKafka.startNew()) {
      kafka.pause();
      killedComesBack(kafka, kafka.process(), Wire.KAFKA_QUESTION);
    }
  }

  private static void killedComesBack(BrokerServer server, ServerProcess process, byte[] question)
      throws IOException {
    String address = server.address();
    long killed = process.pid();
    server.kill();
    assertFalse(ProcessHandle.of(killed).isPresent());
    assertThrows(ConnectException.class, () -> new Wire(address, question).close());
    server.start();
    assertEquals(address, server.address());
    try (Wire wire = new Wire(address, question)) {
      wire.ask();
      assertTrue(wire.answers(PATIENCE));
    }
  }

  private static void pausedAnswersWhenResumed(BrokerServer server, byte[] question)
      throws IOException {
    server.pause();
    try (Wire wire = new Wire(server.address(), question)) {
      wire.ask();
      assertFalse(wire.answers(SILENCE));
      server.resume();
      assertTrue(wire.answers(PATIENCE));
    }
  }

  private static void closedLeavesNothing(
      BrokerServer server, ServerProcess process, ServerFolder folder) {
    ProcessHandle running = ProcessHandle.of(process.pid()).orElseThrow();
    server.close();
    assertFalse(running.isAlive());
    assertFalse(Files.exists(folder.path()));
    server.close();
  }
}
