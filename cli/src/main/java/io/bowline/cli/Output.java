// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command answers: for people, or as JSON. */
final class Output {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The colours in use, as a terminal is told them. */
  enum Colour {
    RED(31),
    GREEN(32),
    YELLOW(33);

    private final int code;

    Colour(int code) {
      this.code = code;
    }
  }

  @Option(names = "--json", description = "Answers as JSON: one document, or one a line.")
  private boolean json;

  private final Terminal terminal;

  Output(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Before anything is logged: the arguments are read first. */
  @Option(
      names = "--verbose",
      description = "Shows what is logged, and of a failure where it comes from.")
  void verbose(boolean wanted) {
    if (wanted) {
      System.setProperty("bowline.log", "INFO");
      System.setProperty("bowline.trace", "%ex");
    }
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  void help(boolean wanted) {
    // The library shows it.
  }

  boolean isJson() {
    return json;
  }

  /** A person looks, and wants no JSON. */
  boolean isLive() {
    return terminal.live() && !json;
  }

  /** One answer to all. */
  void document(Map<String, ?> fields) {
    print(written(fields, true));
  }

  /** One of many answers. */
  void line(Map<String, ?> fields) {
    print(written(fields, false));
  }

  private static String written(Map<String, ?> fields, boolean pretty) {
    try {
      return pretty
          ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields)
          : JSON.writeValueAsString(fields);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("An answer cannot be written as JSON", impossible);
    }
  }

  void print(String text) {
    terminal.out().println(text);
    terminal.out().flush();
  }

  /** Something that is no part of the answer. */
  void remark(String text) {
    terminal.err().println(text);
    terminal.err().flush();
  }

  String coloured(Colour colour, String text) {
    return isLive() ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
  }

  /** With its first word, up to a blank, in this colour. */
  String firstWordColoured(Colour colour, String text) {
    int end = text.indexOf(' ');
    return coloured(colour, text.substring(0, end)) + text.substring(end);
  }

  /** Fields in this order; names and values in turn. */
  static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
      fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return fields;
  }

  /** Text of somebody else's, so that it cannot steer a terminal. */
  static String harmless(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                shown.append("\\x%02x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }
}
