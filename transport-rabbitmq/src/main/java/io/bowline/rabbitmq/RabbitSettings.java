// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Address;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an address and its properties say, checked, with the default of each. Immutable. */
final class RabbitSettings {
  /** A message body may be this large: RabbitMQ 4's own {@code max_message_size}. */
  static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** RabbitMQ refuses a larger prefetch on quorum queues. */
  static final int MAX_PREFETCH = 2000;

  private static final int PORT = 5672;

  /** Each known property with its unit and default, for people. */
  private static final Map<String, String> KNOWN =
      new TreeMap<>(
          Map.of(
              "heartbeat", "seconds between heartbeats, 10",
              "connection.name", "shown in RabbitMQ's management, bowline",
              "prefetch", "messages per lane, as many as a consumer may hold, at most 2000",
              "channel.rpc.timeout", "milliseconds that RabbitMQ may take to answer, 10000",
              "max.message.bytes", "largest body, 16777216",
              "max.outstanding.messages", "sends without an answer, 50000",
              "max.outstanding.bytes", "sends without an answer, 134217728",
              "lanes", "lanes of an exchange that Bowline did not make, 1",
              "management", "address of the management API, kept for audits"));

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
    if (settings.maxOutstandingBytes() < settings.maxMessageBytes()) {
      throw refused("max.outstanding.bytes must be at least max.message.bytes");
    }
    settings.maxOutstandingMessages();
    return settings;
  }

  List<Address> hosts() {
    return hostNames().stream().map(Address::parseAddress).toList();
  }

  /** As {@code host:port}, for people. */
  List<String> hostNames() {
    return address().hosts(PORT);
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

  int maxMessageBytes() {
    return number("max.message.bytes", MAX_MESSAGE_BYTES, 1, 512 << 20);
  }

  int maxOutstandingMessages() {
    return number("max.outstanding.messages", 50_000, 1, 10_000_000);
  }

  int maxOutstandingBytes() {
    return number("max.outstanding.bytes", 128 << 20, 1, Integer.MAX_VALUE);
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

  private static TransportException refused(String what) {
    return new TransportException(
        Verdict.REFUSED,
        "Cannot open a rabbitmq:// address: " + what + "; the known properties are " + KNOWN);
  }
}
