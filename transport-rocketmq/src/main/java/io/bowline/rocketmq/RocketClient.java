// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.Closeable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientConfigurationBuilder;
import org.apache.rocketmq.client.apis.ClientException;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.StaticSessionCredentialsProvider;
import org.apache.rocketmq.client.apis.consumer.FilterExpression;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.apache.rocketmq.client.apis.producer.Producer;
import org.apache.rocketmq.client.java.exception.NotFoundException;
import org.apache.rocketmq.client.java.exception.UnauthorizedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the client's producers and consumers, whose building and closing may take any time: here
 * they happen on threads of their own and are waited for at most the connect timeout. Thread-safe.
 */
final class RocketClient {
  private static final Logger log = LoggerFactory.getLogger(RocketClient.class);

  /** Asked for only to see whether a proxy answers; nobody has a topic of this name. */
  private static final String NO_TOPIC = "bowline-is-anybody-there";

  /** Beside it a receive waits at the broker; proxies want 5 s to be left at its start. */
  private static final Duration CONSUMER_REQUEST = Duration.ofSeconds(5);

  private final RocketSettings settings;
  private final ClientServiceProvider client = loaded();

  RocketClient(RocketSettings settings) {
    this.settings = settings;
  }

  /** The client looks itself up by the thread's class loader, which may be anybody's. */
  private static ClientServiceProvider loaded() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(RocketClient.class.getClassLoader());
    try {
      return ClientServiceProvider.loadService();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  ClientServiceProvider provider() {
    return client;
  }

  /** The longest that one receive takes. */
  Duration receiveWithin() {
    return settings.await().plus(CONSUMER_REQUEST).plus(CONSUMER_REQUEST);
  }

  /**
   * Finds out whether a proxy answers.
   *
   * @throws TransportException UNKNOWN if none does, REFUSED if it does not know us
   */
  void reach() {
    try {
      exists(NO_TOPIC);
    } catch (TransportException e) {
      Throwable cause = RocketVerdicts.unwrapped(e.getCause() == null ? e : e.getCause());
      if (cause instanceof UnauthorizedException && !mentionsPermission(cause)) {
        throw new TransportException(
            Verdict.REFUSED,
            "RocketMQ at %s does not accept these credentials: %s"
                .formatted(settings.endpoints(), RocketVerdicts.described(cause)),
            cause);
      }
      if (!(cause instanceof ClientException)) {
        throw new TransportException(
            Verdict.UNKNOWN,
            "No RocketMQ proxy answered at %s within %s (%s, TLS %s); the address must name the"
                    .formatted(
                        settings.endpoints(),
                        settings.connectTimeout(),
                        RocketVerdicts.described(cause),
                        settings.sslEnabled() ? "on: ssl=false turns it off" : "off")
                + " gRPC port of a proxy, 8081 by default",
            e);
      }
    }
  }

  /** Known to the broker, but not allowed to see a topic that nobody has. */
  private static boolean mentionsPermission(Throwable cause) {
    return String.valueOf(cause.getMessage()).contains("permission");
  }

  /**
   * Whether a topic exists and can be written or read: asked of the proxy by a short-lived client,
   * since the client's own question is not public. Some 30 ms.
   *
   * @throws TransportException with the verdict of the client's failure
   */
  boolean exists(String topic) {
    try {
      Producer probe =
          within(
              "asking for topic " + topic,
              () ->
                  client
                      .newProducerBuilder()
                      .setClientConfiguration(configuration(settings.connectTimeout()))
                      .setTopics(topic)
                      .setMaxAttempts(1)
                      .build());
      later("probe", probe);
      return true;
    } catch (TransportException e) {
      if (e.getCause() != null
          && RocketVerdicts.unwrapped(e.getCause()) instanceof NotFoundException) {
        return false;
      }
      throw e;
    }
  }

  /** A producer that never tries again by itself. */
  Producer producer() {
    return within(
        "opening a producer",
        () ->
            client
                .newProducerBuilder()
                .setClientConfiguration(configuration(settings.sendRequestTimeout()))
                .setMaxAttempts(1)
                .build());
  }

  /** A member of a group. */
  SimpleConsumer consumer(String topic, String group) {
    return within(
        "joining group " + group + " for topic " + topic,
        () ->
            client
                .newSimpleConsumerBuilder()
                .setClientConfiguration(configuration(CONSUMER_REQUEST))
                .setConsumerGroup(group)
                .setAwaitDuration(settings.await())
                .setSubscriptionExpressions(Map.of(topic, FilterExpression.SUB_ALL))
                .build());
  }

  private ClientConfiguration configuration(Duration requestTimeout) {
    ClientConfigurationBuilder builder =
        ClientConfiguration.newBuilder()
            .setEndpoints(settings.endpoints())
            .setRequestTimeout(requestTimeout)
            .setNamespace(settings.namespace())
            .setMaxStartupAttempts(1)
            .enableSsl(settings.sslEnabled());
    settings
        .address()
        .user()
        .ifPresent(
            user ->
                builder.setCredentialProvider(
                    new StaticSessionCredentialsProvider(
                        user, settings.address().password().orElse(""))));
    return builder.build();
  }

  private <T extends Closeable> T within(String what, Callable<T> building) {
    CompletableFuture<T> built = new CompletableFuture<>();
    Runnable build =
        () -> {
          try {
            T made = building.call();
            if (!built.complete(made)) {
              later(what, made);
            }
          } catch (Exception | Error e) {
            built.completeExceptionally(e);
          }
        };
    daemon("bowline-rocketmq-building", build);
    try {
      return built.get(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failed(what, e);
    } catch (TimeoutException e) {
      built.completeExceptionally(e);
      throw failed(what, e);
    } catch (InterruptedException e) {
      built.completeExceptionally(e);
      Thread.currentThread().interrupt();
      throw failed(what, e);
    }
  }

  private TransportException failed(String what, Throwable cause) {
    return new TransportException(
        RocketVerdicts.of(cause, false),
        "RocketMQ at %s: %s failed: %s"
            .formatted(settings.endpoints(), what, RocketVerdicts.described(cause)),
        cause);
  }

  private static void later(String what, Closeable open) {
    closed(what, open, Duration.ZERO);
  }

  /** Closes on a thread of its own, and waits for it at most so long. */
  static void closed(String what, Closeable open, Duration within) {
    Thread closing =
        daemon(
            "bowline-rocketmq-closing",
            () -> {
              try {
                open.close();
              } catch (Exception | Error e) {
                log.warn("Closing the {} failed: {}", what, e.toString());
              }
            });
    if (within.isZero()) {
      return;
    }
    try {
      closing.join(within.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
