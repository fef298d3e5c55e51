// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asks a RabbitMQ node whether it serves AMQP clients: the management plugin's check of the
 * listener, since an open port alone does not mean that the node has booted. Thread-safe.
 */
final class RabbitHealth {

  /** A booting or paused node accepts connections without an answer. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

  private static final Pattern RUNNING = Pattern.compile("\"running\":true");

  private static final String GUEST =
      "Basic "
          + Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.US_ASCII));

  /** Java offers HTTP/2 first, which RabbitMQ's server takes up half-heartedly. */
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_WITHIN)
          .build();

  private final HttpRequest request;
  private final HttpRequest nodes;

  /**
   * Prepares the question; {@link #serves} asks it.
   *
   * @param management such as {@code http://127.0.0.1:15672}
   * @param listener the AMQP port as the node itself knows it
   */
  RabbitHealth(URI management, int listener) {
    request = get(management.resolve("/api/health/checks/port-listener/" + listener));
    nodes = get(management.resolve("/api/nodes?columns=running"));
  }

  private static HttpRequest get(URI question) {
    return HttpRequest.newBuilder(question)
        .header("Authorization", GUEST)
        .timeout(ANSWER_WITHIN)
        .build();
  }

  /** Whether the node says yes; no answer is a no. */
  boolean serves() {
    return answer(request).filter(answer -> answer.statusCode() == 200).isPresent();
  }

  /** How many nodes of its cluster run, as this one sees it; none without an answer. */
  long running() {
    return answer(nodes).stream()
        .flatMap(answer -> RUNNING.matcher(answer.body()).results())
        .count();
  }

  private Optional<HttpResponse<String>> answer(HttpRequest question) {
    try {
      return Optional.of(client.send(question, BodyHandlers.ofString()));
    } catch (IOException notYet) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + question.uri(), e);
    }
  }
}
