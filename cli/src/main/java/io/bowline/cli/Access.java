// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.Bowline;
import io.bowline.transport.TransportException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The way to a broker. */
final class Access {
  static final String PASSWORD = "BOWLINE_PASSWORD";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "ADDRESS",
      description = "The broker: kafka://…, rabbitmq://…, amqps://… or rocketmq://…")
  private String address = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Holds the password for the user in the address; or set " + PASSWORD + ".")
  private @Nullable Path passwordFile;

  @Option(
      names = "--property",
      paramLabel = "NAME=VALUE",
      description = "A setting of the broker's own client; may be repeated.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Option(
      names = "--properties-file",
      paramLabel = "FILE",
      description = "Such settings in a file, as Java's properties.")
  private @Nullable Path propertiesFile;

  @Option(
      names = "--timeout",
      paramLabel = "SPAN",
      defaultValue = "10s",
      description = "The longest wait for an answer of the broker, ${DEFAULT-VALUE} by default.")
  private Duration timeout = Duration.ofSeconds(10);

  private final Map<String, String> preferred = new LinkedHashMap<>();
  private final Terminal terminal;

  Access(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The kind of broker: {@code kafka}. */
  String kind() {
    int end = address.indexOf("://");
    String scheme = end < 0 ? "" : address.substring(0, end).toLowerCase(Locale.ROOT);
    return scheme.startsWith("amqp") ? "rabbitmq" : scheme;
  }

  /** A setting of the client that is made unless another value is asked for. */
  void prefer(String name, String value) {
    preferred.put(name, value);
  }

  Duration timeout() {
    return timeout;
  }

  /**
   * Reaches the broker.
   *
   * @throws ParameterException if the address makes no sense
   * @throws NotReached if it is not there, or does not let us in
   */
  Bowline connect() {
    try {
      Bowline.Builder builder = Bowline.at(full()).connectTimeout(timeout).confirmTimeout(timeout);
      settings().forEach(builder::property);
      return builder.connect();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    } catch (TransportException away) {
      throw new NotReached(String.valueOf(away.getMessage()), away);
    }
  }

  private String full() {
    String plain = address;
    return Password.of(passwordFile, terminal.environment().get(PASSWORD))
        .filter(password -> plain.contains("://"))
        .map(password -> password.in(plain, false))
        .orElse(plain);
  }

  private Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(preferred);
    if (propertiesFile != null) {
      Properties inFile = new Properties();
      try (Reader reader = Files.newBufferedReader(propertiesFile)) {
        inFile.load(reader);
      } catch (IOException unreadable) {
        throw new IllegalArgumentException(
            "The settings cannot be read from file " + propertiesFile + ": " + unreadable,
            unreadable);
      }
      inFile.stringPropertyNames().forEach(name -> all.put(name, inFile.getProperty(name)));
    }
    all.putAll(properties);
    return all;
  }
}
