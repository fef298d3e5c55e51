// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource
class LocalRabbitIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  enum Choice {
    NEWEST,
    OLDEST;

    Optional<LocalRabbitInstallation> installation() {
      return this == NEWEST
          ? LocalRabbitInstallation.inFolder(LocalRabbitInstallation.folder())
          : LocalRabbitInstallation.ofMachine();
    }
  }

  private final Choice choice;
  private LocalRabbit rabbit;

  LocalRabbitIT(Choice choice) {
    this.choice = choice;
  }

  @BeforeEach
  void startRabbit() {
    assumeTrue(
        choice.installation().isPresent(),
        choice == Choice.NEWEST
            ? "no RabbitMQ 4 here: see scripts/rabbitmq-4"
            : "no RabbitMQ here: see scripts/rabbitmq-3");
    rabbit = choice == Choice.NEWEST ? LocalRabbit.startNewest() : LocalRabbit.startOldest();
  }

  @AfterEach
  void closeRabbit() {
    if (rabbit != null) {
      rabbit.close();
    }
  }

  @Test
  void aStartedNodeServesClientsWhereItsAddressSays() throws Exception {
    URI address = URI.create(rabbit.address());

    assertTrue(rabbit.healthy());
    assertEquals("rabbitmq", address.getScheme());
    assertEquals("guest:guest", address.getUserInfo());
    assertEquals("management=" + rabbit.management(), address.getQuery());
    assertEquals(200, call("GET", "/api/overview", "").statusCode());
    assertTrue(rabbit.origin().startsWith("local process, RabbitMQ "), rabbit.origin());
    assertEquals(choice == Choice.NEWEST, rabbit.origin().contains("RabbitMQ 4."));
  }

  @Test
  void aKilledNodeComesBackWithItsMessagesOnTheSamePorts() throws Exception {
    String address = rabbit.address();
    call("PUT", "/api/queues/%2F/kept", "{\"durable\":true}");
    // A node that loses power within a second of making a queue may come back without the queue.
    long made = System.nanoTime();
    while (System.nanoTime() - made < Duration.ofSeconds(2).toNanos()) {
      call(
          "POST",
          "/api/exchanges/%2F/amq.default/publish",
          "{\"properties\":{\"delivery_mode\":2},\"routing_key\":\"kept\",\"payload\":\"hello\","
              + "\"payload_encoding\":\"string\"}");
    }

    rabbit.kill();
    assertFalse(rabbit.healthy());
    rabbit.start();

    assertTrue(rabbit.healthy());
    assertEquals(address, rabbit.address());
    String got =
        call(
                "POST",
                "/api/queues/%2F/kept/get",
                "{\"count\":1,\"ackmode\":\"ack_requeue_false\",\"encoding\":\"auto\"}")
            .body();
    assertTrue(got.contains("\"payload\":\"hello\""), got);
  }

  @Test
  void aPausedNodeAnswersAgainOnceResumed() {
    rabbit.pause();
    assertFalse(rabbit.healthy());

    rabbit.resume();
    assertTrue(eventually(rabbit::healthy));
  }

  @Test
  void aClosedNodeLeavesNoProcessAndNoFolder() throws Exception {
    Path folder = rabbit.folder().path();
    List<ProcessHandle> ours = processesOf(folder);
    assertTrue(ours.stream().anyMatch(each -> command(each).contains("beam")), ours::toString);
    assertTrue(ours.stream().anyMatch(each -> command(each).contains("epmd")), ours::toString);

    rabbit.close();

    for (ProcessHandle each : ours) {
      each.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    assertEquals(List.of(), processesOf(folder));
    assertFalse(Files.exists(folder));
  }

  @Test
  void aPausedNodeCanBeClosed() {
    Path folder = rabbit.folder().path();
    rabbit.pause();

    rabbit.close();

    assertTrue(eventually(() -> processesOf(folder).isEmpty()));
    assertFalse(Files.exists(folder));
  }

  /** All that runs with a home in this folder: children inherit it. */
  private static List<ProcessHandle> processesOf(Path folder) {
    return ProcessHandle.allProcesses()
        .filter(each -> environment(each).contains(folder.getFileName().toString()))
        .toList();
  }

  private static String environment(ProcessHandle process) {
    try {
      Path file = Path.of("/proc", "" + process.pid(), "environ");
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException endedOrNotOurs) {
      return "";
    }
  }

  private static String command(ProcessHandle process) {
    return process.info().command().orElse("");
  }

  private static boolean eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  private HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    String guest =
        Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(rabbit.management().resolve(path))
            .method(method, BodyPublishers.ofString(body))
            .header("Authorization", "Basic " + guest)
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }
}
