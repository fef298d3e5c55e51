// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.http.client.Client;
import com.rabbitmq.http.client.ClientParameters;
import com.rabbitmq.http.client.HttpClientException;
import com.rabbitmq.http.client.HttpException;
import com.rabbitmq.http.client.JdkHttpClientHttpLayer;
import com.rabbitmq.http.client.domain.BindingInfo;
import com.rabbitmq.http.client.domain.DestinationType;
import com.rabbitmq.http.client.domain.ExchangeInfo;
import com.rabbitmq.http.client.domain.NodeInfo;
import com.rabbitmq.http.client.domain.PolicyInfo;
import com.rabbitmq.http.client.domain.QueueInfo;
import io.bowline.audit.Fact;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the management API. The only class that needs its client, which users may leave out. */
final class ManagementApi {
  private static final int UNAUTHORIZED = 401;
  private static final String ALTERNATE = "alternate-exchange";
  private static final String MONITORING =
      "give this user the tag monitoring, and a right on the virtual host";

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
        MONITORING,
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

  /** The topics that Bowline made: the exchanges with a claim. */
  Fact<List<String>> topics() {
    return asked(
        "the exchanges",
        MONITORING,
        () -> {
          Set<String> all =
              client.getExchanges(vhost).stream()
                  .map(ExchangeInfo::getName)
                  .collect(Collectors.toSet());
          return all.stream()
              .filter(name -> all.contains(RabbitNames.claim(name)))
              .sorted()
              .toList();
        });
  }

  /** The nodes of the cluster, also those that do not run. */
  Fact<List<NodeFacts>> nodes() {
    return asked(
        "the nodes",
        MONITORING,
        () -> client.getNodes().stream().map(ManagementApi::facts).toList());
  }

  /** Of the node that is asked. */
  Fact<String> version() {
    return asked("the version", MONITORING, () -> client.getOverview().getServerVersion());
  }

  /** Where an exchange sends what it has no queue for, by its argument or by a policy. */
  Fact<Optional<String>> alternate(String exchange) {
    return asked(
        "the exchange and the policies",
        "give this user the tags monitoring and policymaker",
        () ->
            Optional.ofNullable(client.getExchange(vhost, exchange))
                .map(one -> one.getArguments().get(ALTERNATE))
                .or(() -> policed(exchange))
                .map(Object::toString));
  }

  /** Of the policies that match one holds, that of the highest priority. */
  private Optional<Object> policed(String exchange) {
    return client.getPolicies(vhost).stream()
        .filter(policy -> Set.of("exchanges", "all").contains(policy.getApplyTo()))
        .filter(policy -> Pattern.compile(policy.getPattern()).matcher(exchange).find())
        .max(Comparator.comparingInt(PolicyInfo::getPriority))
        .map(policy -> policy.getDefinition().get(ALTERNATE));
  }

  private static NodeFacts facts(NodeInfo node) {
    return new NodeFacts(
        node.getName(), node.isRunning(), node.isMemoryAlarmActive() || node.isDiskAlarmActive());
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

  private static <T> Fact<T> asked(String what, String right, Supplier<T> question) {
    try {
      return Fact.of(question.get());
    } catch (HttpClientException refused) {
      String why = "the management API answered " + refused.status() + " when asked for " + what;
      return Fact.unknown(
          why,
          refused.status() == UNAUTHORIZED
              ? right
              : "see that property management leads to RabbitMQ's management API");
    } catch (PatternSyntaxException foreign) {
      return Fact.unknown(
          "the pattern " + foreign.getPattern() + " of a policy is not understood",
          "see by hand whether it matches");
    } catch (HttpException unreachable) {
      return Fact.unknown(
          "the management API did not answer when asked for " + what,
          "see that property management leads to RabbitMQ's management API");
    }
  }
}
