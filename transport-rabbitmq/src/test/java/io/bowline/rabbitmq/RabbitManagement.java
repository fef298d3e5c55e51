// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** What an operator does to a broker by its management API, as guest. */
final class RabbitManagement {
  private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]+ -> [^\"]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  RabbitManagement(String base) {
    this.base = base;
  }

  /** Closes the connections that bear this name; how many there were. */
  int closeConnections(String providedName) {
    String all = call("GET", "/api/connections?columns=name,client_properties", "");
    List<String> named =
        NAME.matcher(all)
            .results()
            .filter(found -> around(all, found.start()).contains('"' + providedName + '"'))
            .map(found -> found.group(1))
            .toList();
    named.forEach(name -> call("DELETE", "/api/connections/" + encoded(name), ""));
    return named.size();
  }

  /**
   * One connection's part of the list: each is an object, and the name stands at its end or start.
   */
  private static String around(String all, int at) {
    int start = all.lastIndexOf("{\"client_properties\"", at);
    int end = all.indexOf("{\"client_properties\"", at);
    return all.substring(Math.max(0, start), end < 0 ? all.length() : end);
  }

  /** A user who may configure and read everything, but write only to what matches. */
  void addUser(String name, String password, String writable) {
    call("PUT", "/api/users/" + name, "{\"password\":\"" + password + "\",\"tags\":\"\"}");
    call(
        "PUT",
        "/api/permissions/%2F/" + name,
        "{\"configure\":\".*\",\"read\":\".*\",\"write\":\"" + writable + "\"}");
  }

  /** A policy for queues of names that match, as JSON; it holds once the queue shows it. */
  void policy(String name, String pattern, String definition) {
    policy(name, pattern, "queues", definition);
  }

  /** The same for queues or exchanges. */
  void policy(String name, String pattern, String what, String definition) {
    call(
        "PUT",
        "/api/policies/%2F/" + name,
        "{\"pattern\":\"%s\",\"apply-to\":\"%s\",\"definition\":%s}"
            .formatted(pattern, what, definition));
  }

  private String call(String method, String path, String body) {
    String guest = Base64.getEncoder().encodeToString("guest:guest".getBytes(UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("authorization", "Basic " + guest)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(method + " " + path + " answered " + response);
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted at " + path, e);
    }
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, UTF_8).replace("+", "%20");
  }
}
