// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.Closeable;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.rocketmq.client.apis.ClientConfiguration;
import org.apache.rocketmq.client.apis.ClientConfigurationBuilder;
import org.apache.rocketmq.client.apis.ClientException;
import org.apache.rocketmq.client.apis.ClientServiceProvider;
import org.apache.rocketmq.client.apis.StaticSessionCredentialsProvider;
import org.apache.rocketmq.client.apis.consumer.SimpleConsumer;
import org.apache.rocketmq.client.apis.producer.Producer;
import org.apache.rocketmq.client.java.exception.NotFoundException;
import org.apache.rocketmq.client.java.exception.UnauthorizedException;
import org.jspecify.annotations.Nullable;
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
  private final Clients clients;
  private final @Nullable TrustManagerFactory trusted;

  RocketClient(RocketSettings settings) {
    this.settings = settings;
    trusted = settings.verifiesCertificates() ? TrustStore.managers(settings.trustStore()) : null;
    clients = new Clients(client, trusted == null ? null : new VerifiedChannels(trusted));
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
   * @throws TransportException UNKNOWN if none does, REFUSED if it does not know us, or does not
   *     prove who it is
   */
  void reach() {
    if (trusted != null) {
      settings.address().hosts(RocketSettings.DEFAULT_PORT).forEach(this::demandProof);
    }
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

  /** A host that does not answer is no reason yet: another may. */
  private void demandProof(String host) {
    ServerProof proof = new ServerProof(Objects.requireNonNull(trusted), settings.connectTimeout());
    try {
      within(
          "asking " + host + " for its certificate",
          () -> {
            proof.demand(host);
            return () -> {};
          });
    } catch (TransportException e) {
      Throwable cause = RocketVerdicts.unwrapped(e.getCause() == null ? e : e.getCause());
      if (cause instanceof TransportException refused) {
        throw refused;
      }
      log.debug("No certificate from {}: {}", host, e.toString());
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
              () -> clients.producer(configuration(settings.connectTimeout()), topic));
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
        "opening a producer", () -> clients.producer(configuration(settings.sendRequestTimeout())));
  }

  /**
   * A member of a group. The client gives its first question no more time than each receive has
   * beside its waiting, so it is asked anew until the connect timeout is over.
   */
  SimpleConsumer consumer(String topic, String group) {
    Duration left = settings.connectTimeout();
    while (true) {
      try {
        return joined(topic, group);
      } catch (TransportException e) {
        left = left.minus(CONSUMER_REQUEST);
        if (e.getCause() == null || !RocketVerdicts.isDeadline(e.getCause()) || !isPositive(left)) {
          throw e;
        }
        log.debug("Joining group {} had no answer yet, again", group, e);
      }
    }
  }

  private static boolean isPositive(Duration left) {
    return !left.isZero() && !left.isNegative();
  }

  private SimpleConsumer joined(String topic, String group) {
    return within(
        "joining group " + group + " for topic " + topic,
        () -> clients.consumer(configuration(CONSUMER_REQUEST), group, topic, settings.await()));
  }

  private ClientConfiguration configuration(Duration requestTimeout) {
    ClientConfigurationBuilder builder =
        ClientConfiguration.newBuilder()
            .setEndpoints(settings.endpoints())
            .setRequestTimeout(requestTimeout)
            .setNamespace(settings.namespace())
            .setMaxStartupAttempts(1)
            .enableSsl(settings.sslEnabled());
    settings.address().user().ifPresent(user -> builder.setCredentialProvider(credentials(user)));
    return builder.build();
  }

  private StaticSessionCredentialsProvider credentials(String user) {
    String secret = settings.address().password().orElse("");
    return settings
        .token()
        .map(token -> new StaticSessionCredentialsProvider(user, secret, token))
        .orElseGet(() -> new StaticSessionCredentialsProvider(user, secret));
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

  /** Closes on a thread of its own; nobody waits. */
  static void later(String what, Closeable open) {
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

  static Thread daemon(String name, Runnable task) {
    Thread thread = thread(name, task);
    thread.start();
    return thread;
  }

  /** A thread that keeps no JVM alive, not started. */
  static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
