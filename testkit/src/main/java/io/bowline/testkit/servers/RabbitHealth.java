// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * Asks a RabbitMQ node whether it serves AMQP clients: the management plugin's check of the
 * listener, since an open port alone does not mean that the node has booted. Thread-safe.
 */
final class RabbitHealth {

  /** A booting or paused node accepts connections without an answer. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

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

  /**
   * Prepares the question; {@link #serves} asks it.
   *
   * @param management such as {@code http://127.0.0.1:15672}
   * @param listener the AMQP port as the node itself knows it
   */
  RabbitHealth(URI management, int listener) {
    request =
        HttpRequest.newBuilder(management.resolve("/api/health/checks/port-listener/" + listener))
            .header("Authorization", GUEST)
            .timeout(ANSWER_WITHIN)
            .build();
  }

  /** Whether the node says yes; no answer is a no. */
  boolean serves() {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + request.uri(), e);
    }
  }
}
