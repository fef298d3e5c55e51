// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Runs commands in this JVM, and keeps what they say. */
final class Shell {
  private String input = "";
  private Map<String, String> environment = Map.of();

  /** What a command said, and how it ended. */
  record Result(int status, String out, String err) {
    JsonNode json() {
      try {
        return new ObjectMapper().readTree(out);
      } catch (IOException notJson) {
        throw new UncheckedIOException("Not JSON: " + this, notJson);
      }
    }
  }

  static Result run(String... args) {
    return new Shell().execute(args);
  }

  Shell input(String text) {
    input = text;
    return this;
  }

  Shell environment(String name, String value) {
    environment = Map.of(name, value);
    return this;
  }

  Result execute(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new PrintWriter(out),
            new PrintWriter(err),
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            false,
            environment);
    int status = Main.run(terminal, args);
    return new Result(status, out.toString(), err.toString());
  }
}
