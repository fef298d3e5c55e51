// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.tls.TestCertificates;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a {@link LocalRocket} differs from the plain one. Immutable; each method returns another.
 * Prints names of settings, never values.
 */
public final class LocalRocketSetup {
  /** What is there, or for itself, beside the broker. */
  private enum Part {
    CLUSTER,
    CONTROLLER
  }

  private static final String AUTH = "org.apache.rocketmq.auth.";
  private static final String PROXY_AUTH = "org.apache.rocketmq.proxy.auth.";

  private final Map<String, String> broker;
  private final Map<String, String> proxy;
  private final Set<Part> parts;
  private final List<String> superUser;

  private LocalRocketSetup(
      Map<String, String> broker,
      Map<String, String> proxy,
      Set<Part> parts,
      List<String> superUser) {
    this.broker = broker;
    this.proxy = proxy;
    this.parts = parts;
    this.superUser = superUser;
  }

  /** Nothing differs: everybody may do everything, in the clear. */
  public static LocalRocketSetup plain() {
    return new LocalRocketSetup(Map.of(), Map.of(), Set.of(), List.of());
  }

  /** With this line in broker.conf. */
  public LocalRocketSetup broker(String name, String value) {
    return new LocalRocketSetup(with(broker, name, value), proxy, parts, superUser);
  }

  /** With this value in rmq-proxy.json. */
  public LocalRocketSetup proxy(String name, String value) {
    return proxyRaw(name, "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
  }

  /** With this number in rmq-proxy.json. */
  public LocalRocketSetup proxy(String name, int value) {
    return proxyRaw(name, Integer.toString(value));
  }

  private LocalRocketSetup proxyRaw(String name, String json) {
    return new LocalRocketSetup(broker, with(proxy, name, json), parts, superUser);
  }

  /**
   * With the proxy in cluster mode, as most who run several have it: it speaks to the broker over
   * the network, and gives clients the addresses that they asked at. So {@link LocalRocket#proxied}
   * works. Not together with {@link #superUser}, whose rights such a proxy lacks at its start.
   */
  public LocalRocketSetup cluster() {
    return with(Part.CLUSTER);
  }

  /**
   * With a controller in the name server that says who is master, as for a failover without
   * anybody's help: so {@link LocalRocket#controller} works, and a {@link LocalRocketReplica} may
   * become master.
   */
  public LocalRocketSetup controller() {
    return with(Part.CONTROLLER);
  }

  private LocalRocketSetup with(Part part) {
    Set<Part> all = EnumSet.of(part);
    all.addAll(parts);
    return new LocalRocketSetup(broker, proxy, Set.copyOf(all), superUser);
  }

  /**
   * With authentication and authorization on (ACL 2.0), at the broker and at its proxy. This user
   * may do everything; make others by the broker's admin port.
   */
  public LocalRocketSetup superUser(String name, String password) {
    String inner = "{\"accessKey\":\"%s\",\"secretKey\":\"%s\"}".formatted(name, password);
    LocalRocketSetup asked = this;
    for (String part : List.of("authentication", "authorization")) {
      String word = part.equals("authentication") ? "Authentication" : "Authorization";
      String provider = AUTH + part + ".provider.Default" + word + "Provider";
      String local = AUTH + part + ".provider.Local" + word + "MetadataProvider";
      String remote = PROXY_AUTH + "Proxy" + word + "MetadataProvider";
      asked =
          asked
              .broker(part + "Enabled", "true")
              .broker(part + "Provider", provider)
              .broker(part + "MetadataProvider", local)
              .proxyRaw(part + "Enabled", "true")
              .proxy(part + "Provider", provider)
              .proxy(part + "MetadataProvider", remote);
    }
    String first = "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, password);
    asked =
        asked
            .broker("initAuthenticationUser", first)
            .broker("innerClientAuthenticationCredentials", inner)
            .proxy("innerClientAuthenticationCredentials", inner);
    return new LocalRocketSetup(asked.broker, asked.proxy, parts, List.of(name, password));
  }

  /** With this certificate at the proxy's port, which takes clients in the clear all the same. */
  public LocalRocketSetup certificate(TestCertificates.Identity identity) {
    return proxyRaw("tlsTestModeEnable", "false")
        .proxy("tlsCertPath", identity.certificate().toString())
        .proxy("tlsKeyPath", identity.key().toString());
  }

  private static Map<String, String> with(Map<String, String> settings, String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put(name, value);
    return all;
  }

  /**
   * Without TLS unless a test wants it: each port would make a certificate, which takes seconds.
   */
  String tlsOption() {
    return "-Dtls.server.mode=" + (proxy.containsKey("tlsCertPath") ? "permissive" : "disabled");
  }

  boolean isCluster() {
    return parts.contains(Part.CLUSTER);
  }

  boolean hasController() {
    return parts.contains(Part.CONTROLLER);
  }

  String brokerLines() {
    StringBuilder lines = new StringBuilder();
    broker.forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
    return lines.toString();
  }

  String proxyLines() {
    StringBuilder lines = new StringBuilder();
    proxy.forEach(
        (name, value) -> lines.append(",\n  \"").append(name).append("\": ").append(value));
    return lines.toString();
  }

  /** What the launcher takes after the broker's address. */
  List<String> arguments() {
    String mode = isCluster() ? "cluster" : "local";
    return superUser.isEmpty() ? List.of(mode) : List.of(mode, superUser.get(0), superUser.get(1));
  }

  @Override
  public String toString() {
    return "LocalRocketSetup["
        + new TreeSet<>(parts)
        + ", broker="
        + new TreeSet<>(broker.keySet())
        + ", proxy="
        + new TreeSet<>(proxy.keySet())
        + "]";
  }
}
