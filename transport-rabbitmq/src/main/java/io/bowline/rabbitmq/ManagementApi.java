// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.http.client.Client;
import com.rabbitmq.http.client.ClientParameters;
import com.rabbitmq.http.client.HttpClientException;
import com.rabbitmq.http.client.HttpException;
import com.rabbitmq.http.client.JdkHttpClientHttpLayer;
import com.rabbitmq.http.client.domain.BindingInfo;
import com.rabbitmq.http.client.domain.DestinationType;
import com.rabbitmq.http.client.domain.NodeInfo;
import com.rabbitmq.http.client.domain.QueueInfo;
import io.bowline.audit.Fact;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the management API. The only class that needs its client, which users may leave out. */
final class ManagementApi {
  private static final int UNAUTHORIZED = 401;

  private final Client client;
  private final String vhost;

  private ManagementApi(Client client, String vhost) {
    this.client = client;
    this.vhost = vhost;
  }

  /**
   * At this address, with the login of the broker's.
   *
   * @throws IllegalArgumentException if the address is none
   */
  static ManagementApi at(String address, RabbitSettings settings) {
    String end = address.endsWith("/") ? "api/" : "/api/";
    // Whoever sets up the requests sets up the login too.
    String login = JdkHttpClientHttpLayer.authorization(settings.user(), settings.password());
    try {
      ClientParameters parameters =
          new ClientParameters()
              .url(address + end)
              .username(settings.user())
              .password(settings.password())
              .httpLayerFactory(
                  JdkHttpClientHttpLayer.configure()
                      .clientBuilderConsumer(http -> http.connectTimeout(settings.connectTimeout()))
                      .requestBuilderConsumer(
                          each ->
                              each.timeout(settings.connectTimeout())
                                  .header("authorization", login))
                      .create());
      return new ManagementApi(new Client(parameters), settings.vhost());
    } catch (MalformedURLException | URISyntaxException none) {
      // Without the cause, which quotes the address with whatever secret it may hold.
      throw new IllegalArgumentException(
          "Property management is no address such as http://127.0.0.1:15672");
    }
  }

  /** The queues that an exchange leads to. */
  Fact<List<QueueFacts>> queues(String exchange) {
    return asked(
        "the queues",
        () -> {
          Set<String> bound =
              client.getBindingsBySource(vhost, exchange).stream()
                  .filter(one -> one.getDestinationType() == DestinationType.QUEUE)
                  .map(BindingInfo::getDestination)
                  .collect(Collectors.toSet());
          return client.getQueues(vhost).stream()
              .filter(queue -> bound.contains(queue.getName()))
              .map(ManagementApi::facts)
              .toList();
        });
  }

  /** The nodes that an alarm has stopped from taking messages. */
  Fact<List<String>> alarmed() {
    return asked(
        "the nodes",
        () ->
            client.getNodes().stream()
                .filter(node -> node.isMemoryAlarmActive() || node.isDiskAlarmActive())
                .map(NodeInfo::getName)
                .toList());
  }

  private static QueueFacts facts(QueueInfo queue) {
    return new QueueFacts(
        queue.getName(),
        queue.getType(),
        queue.isDurable(),
        known(queue.getArguments()),
        known(queue.getEffectivePolicyDefinition()),
        Objects.requireNonNullElse(queue.getMemberNodes(), List.of()));
  }

  private static Map<String, Object> known(@Nullable Map<String, Object> settings) {
    return Objects.requireNonNullElse(settings, Map.of());
  }

  private static <T> Fact<T> asked(String what, Supplier<T> question) {
    try {
      return Fact.of(question.get());
    } catch (HttpClientException refused) {
      String why = "the management API answered " + refused.status() + " when asked for " + what;
      return Fact.unknown(
          why,
          refused.status() == UNAUTHORIZED
              ? "give this user the tag monitoring, and a right on the virtual host"
              : "see that property management leads to RabbitMQ's management API");
    } catch (HttpException unreachable) {
      return Fact.unknown(
          "the management API did not answer when asked for " + what,
          "see that property management leads to RabbitMQ's management API");
    }
  }
}
