// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Address;
import io.bowline.rabbitmq.RabbitTls.Store;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.BrokerEvents;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an address and its properties say, checked, with the default of each. Immutable. */
final class RabbitSettings {
  /** A message body may be this large: RabbitMQ 4's own {@code max_message_size}. */
  static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** RabbitMQ refuses a larger prefetch on quorum queues. */
  static final int MAX_PREFETCH = 2000;

  /** The scheme of addresses that are reached by TLS. */
  static final String TLS_SCHEME = "amqps";

  private static final int PORT = 5672;
  private static final int TLS_PORT = 5671;

  /** Each known property with its unit and default, for people. */
  private static final Map<String, String> KNOWN =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("heartbeat", "seconds between heartbeats, 10"),
              Map.entry("connection.name", "shown in RabbitMQ's management, bowline"),
              Map.entry("address.order", "random or listed, in which hosts are tried, random"),
              Map.entry("prefetch", "messages per lane, as many as a consumer may hold, to 2000"),
              Map.entry("channel.rpc.timeout", "milliseconds for an answer of RabbitMQ, 10000"),
              Map.entry("write.timeout", "milliseconds that one write may take, 10000"),
              Map.entry("max.message.bytes", "largest body, 16777216"),
              Map.entry("max.outstanding.messages", "sends without an answer, 50000"),
              Map.entry("max.outstanding.bytes", "sends without an answer, 134217728"),
              Map.entry("lanes", "lanes of an exchange that Bowline did not make, 1"),
              Map.entry("queues.expire", "milliseconds a new queue may be unused, for ever"),
              Map.entry("management", "address of the management API, for audits"),
              Map.entry("sasl.mechanism", "PLAIN or EXTERNAL, PLAIN"),
              Map.entry("ssl.trust.store", "file of the authorities trusted, the JVM's"),
              Map.entry("ssl.trust.store.password", "none"),
              Map.entry("ssl.trust.store.type", "PKCS12, JKS or PEM, PKCS12"),
              Map.entry("ssl.key.store", "file of this client's key and certificate, none"),
              Map.entry("ssl.key.store.password", "none"),
              Map.entry("ssl.key.store.type", "PKCS12, JKS or PEM, PKCS12"),
              Map.entry("ssl.verify.hostname", "true or false, true")));

  private final TransportConfig config;

  private RabbitSettings(TransportConfig config) {
    this.config = config;
  }

  /**
   * Reads and checks every property.
   *
   * @throws TransportException REFUSED if a property is unknown or out of bounds, naming the known
   *     ones
   */
  static RabbitSettings of(TransportConfig config) {
    for (String name : config.properties().keySet()) {
      if (!KNOWN.containsKey(name)) {
        throw refused("no property '" + name + "' is known to the RabbitMQ transport");
      }
    }
    RabbitSettings settings = new RabbitSettings(config);
    settings.hosts();
    settings.heartbeatSeconds();
    settings.prefetch();
    settings.rpcTimeout();
    settings.foreignLanes();
    var unused = settings.queuesExpire();
    if (settings.maxOutstandingBytes() < settings.maxMessageBytes()) {
      throw refused("max.outstanding.bytes must be at least max.message.bytes");
    }
    settings.maxOutstandingMessages();
    settings.writeTimeout();
    settings.listedOrder();
    settings.external();
    settings.checkTls();
    return settings;
  }

  List<Address> hosts() {
    return hostNames().stream().map(Address::parseAddress).toList();
  }

  /** As {@code host:port}, for people. */
  List<String> hostNames() {
    return address().hosts(tls() ? TLS_PORT : PORT);
  }

  /** Whether the hosts are tried as they are listed, and not in random order. */
  boolean listedOrder() {
    return choice("address.order", "random", "listed").equals("listed");
  }

  boolean tls() {
    return address().scheme().equals(TLS_SCHEME);
  }

  /** Whether the broker takes the name in our certificate for the user. */
  boolean external() {
    return choice("sasl.mechanism", "PLAIN", "EXTERNAL").equals("EXTERNAL");
  }

  boolean verifyHostname() {
    return choice("ssl.verify.hostname", "true", "false").equals("true");
  }

  /** Whom to trust, or null for the JVM's authorities. */
  @Nullable Store trustStore() {
    return store("ssl.trust.store");
  }

  /** What to show ourselves by, or null for nothing. */
  @Nullable Store keyStore() {
    return store("ssl.key.store");
  }

  private @Nullable Store store(String name) {
    String file = config.properties().get(name);
    String type = choice(name + ".type", "PKCS12", "JKS", "PEM");
    String password = config.properties().getOrDefault(name + ".password", "");
    return file == null ? null : new Store(name, file, type, password);
  }

  private void checkTls() {
    boolean verified = verifyHostname();
    boolean stores = trustStore() != null || keyStore() != null;
    if (!tls() && (stores || !verified || external())) {
      throw refused("ssl.… and sasl.mechanism=EXTERNAL need an amqps:// address");
    }
    if (external() && keyStore() == null) {
      throw refused("sasl.mechanism=EXTERNAL needs ssl.key.store, whose name is the user");
    }
  }

  String user() {
    return address().user().orElse("guest");
  }

  /** A secret. */
  String password() {
    return address().password().orElse("guest");
  }

  String vhost() {
    return address().path().isEmpty() ? "/" : address().path();
  }

  /** The address for people, without a secret. */
  /** Where the management API is, if that was said. */
  Optional<String> management() {
    return Optional.ofNullable(config.properties().get("management"));
  }

  BrokerAddress address() {
    return config.address();
  }

  Duration connectTimeout() {
    return config.connectTimeout();
  }

  Duration confirmTimeout() {
    return config.confirmTimeout();
  }

  int heartbeatSeconds() {
    return number("heartbeat", 10, 1, 3600);
  }

  String connectionName() {
    return config.properties().getOrDefault("connection.name", "bowline");
  }

  /** The most unsettled messages of one lane. */
  int prefetch() {
    return number("prefetch", MAX_PREFETCH, 1, MAX_PREFETCH);
  }

  /** Never longer than the connect timeout, by which leaving a group is bounded. */
  Duration rpcTimeout() {
    Duration asked = Duration.ofMillis(number("channel.rpc.timeout", 10_000, 100, 600_000));
    return asked.compareTo(connectTimeout()) < 0 ? asked : connectTimeout();
  }

  /** The longest that one write may take before the connection is cut. */
  Duration writeTimeout() {
    return Duration.ofMillis(number("write.timeout", 10_000, 100, 600_000));
  }

  BrokerEvents events() {
    return config.events();
  }

  int maxMessageBytes() {
    return number("max.message.bytes", MAX_MESSAGE_BYTES, 1, 512 << 20);
  }

  int maxOutstandingMessages() {
    return number("max.outstanding.messages", 50_000, 1, 10_000_000);
  }

  int maxOutstandingBytes() {
    return number("max.outstanding.bytes", 128 << 20, 1, Integer.MAX_VALUE);
  }

  /** After which new queues of groups are gone that nobody uses; empty for never. */
  Optional<Duration> queuesExpire() {
    int millis = number("queues.expire", 0, 1_000, 86_400_000);
    return millis == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  int foreignLanes() {
    return number("lanes", 1, 1, TopicSpec.MAX_LANES);
  }

  private int number(String name, int standard, int least, int most) {
    String text = config.properties().get(name);
    if (text == null) {
      return standard;
    }
    try {
      int value = Integer.parseInt(text.trim());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Answered below: the text is not shown, it may have been meant for another property.
    }
    throw refused("'" + name + "' must be a whole number from " + least + " to " + most);
  }

  private String choice(String name, String standard, String... others) {
    String chosen = config.properties().get(name);
    if (chosen == null || chosen.equalsIgnoreCase(standard)) {
      return standard;
    }
    for (String other : others) {
      if (chosen.equalsIgnoreCase(other)) {
        return other;
      }
    }
    throw refused("'" + name + "' must be " + standard + " or " + String.join(" or ", others));
  }

  private static TransportException refused(String what) {
    return new TransportException(
        Verdict.REFUSED,
        "Cannot open a RabbitMQ address: " + what + "; the known properties are " + KNOWN);
  }
}
