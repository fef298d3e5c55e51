// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.tls.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a {@link LocalRabbit} differs from the plain one. Immutable; each method returns another.
 * Prints names of files, never contents.
 */
public final class LocalRabbitSetup {
  private final List<String> settings;
  private final List<String> plugins;
  private final Map<String, Path> files;
  private final boolean tls;

  private LocalRabbitSetup(
      List<String> settings, List<String> plugins, Map<String, Path> files, boolean tls) {
    this.settings = List.copyOf(settings);
    this.plugins = List.copyOf(plugins);
    this.files = Map.copyOf(files);
    this.tls = tls;
  }

  /** Nothing differs: one listener in the clear, and guest. */
  public static LocalRabbitSetup plain() {
    return new LocalRabbitSetup(List.of(), List.of("rabbitmq_management"), Map.of(), false);
  }

  /** With this line in rabbitmq.conf. */
  public LocalRabbitSetup setting(String line) {
    return new LocalRabbitSetup(with(settings, line), plugins, files, tls);
  }

  /**
   * With a second listener for TLS, at {@link LocalRabbit#tlsAddress}, which shows this; and at
   * 127.0.0.2, for which no certificate is made.
   */
  public LocalRabbitSetup tls(TestCertificates.Identity identity) {
    Map<String, Path> more = new LinkedHashMap<>(files);
    more.put("server.pem", identity.certificate());
    more.put("server.key", identity.key());
    more.put("ca.pem", TestCertificates.get().authority());
    return new LocalRabbitSetup(settings, plugins, more, true);
  }

  /**
   * With a listener for TLS that takes only clients with a certificate of the trusted authority,
   * whose common name may stand for the user (SASL EXTERNAL).
   */
  public LocalRabbitSetup clientCertificates() {
    return setting("ssl_options.verify = verify_peer")
        .setting("ssl_options.fail_if_no_peer_cert = true")
        .setting("auth_mechanisms.1 = PLAIN")
        .setting("auth_mechanisms.2 = EXTERNAL")
        .setting("ssl_cert_login_from = common_name")
        .plugin("rabbitmq_auth_mechanism_ssl");
  }

  private LocalRabbitSetup plugin(String name) {
    return new LocalRabbitSetup(settings, with(plugins, name), files, tls);
  }

  private static List<String> with(List<String> some, String another) {
    List<String> more = new ArrayList<>(some);
    more.add(another);
    return more;
  }

  boolean hasTls() {
    return tls;
  }

  /** The whole of enabled_plugins. */
  String plugins() {
    return "[" + String.join(",", plugins) + "].\n";
  }

  /** What comes behind the lines that every node has. */
  String lines() {
    return String.join("\n", settings) + "\n";
  }

  /** Puts the files beside the configuration, where the node can see them. */
  void writeFiles(ServerFolder folder) {
    files.forEach(
        (name, file) -> {
          try {
            folder.write(name, Files.readString(file));
          } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
          }
        });
  }

  @Override
  public String toString() {
    return "LocalRabbitSetup[tls=" + tls + ", plugins=" + plugins + "]";
  }
}
