// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outboxes;

import io.namastack.outbox.Outbox;
import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** Namastack Outbox, in a Spring Boot of its own, set up to be as fast as it can. */
public final class NamastackOutbox implements AutoCloseable {
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final String BEGUN = "begun";

  private final CountDownLatch begun = new CountDownLatch(1);
  private final Sends sends;
  private final ConfigurableApplicationContext application;
  private final JdbcTemplate database;
  private @Nullable TransactionStatus filled;

  /** What is kept of a message. */
  public record Payload(String key, String text) {}

  /** The application. */
  @SpringBootConfiguration
  @EnableAutoConfiguration
  public static class Application {}

  /** Sends what is kept, but for what only shows that it has begun. */
  public record Handler(Sending sends, CountDownLatch begun)
      implements OutboxTypedHandler<Payload> {
    @Override
    public void handle(Payload payload, OutboxRecordMetadata metadata) {
      if (payload.key().equals(BEGUN)) {
        begun.countDown();
      } else {
        sends.send(payload.key(), payload.text());
      }
    }
  }

  /** Opens it: settings are hosts, topic and database. */
  public NamastackOutbox(Map<String, String> settings) {
    this.sends = new Sends(settings);
    Map<String, Object> properties = new HashMap<>();
    properties.put("spring.datasource.url", settings.getOrDefault("database", ""));
    properties.put("spring.datasource.hikari.maximum-pool-size", 20);
    properties.put("spring.main.banner-mode", "off");
    properties.put("spring.jmx.enabled", false);
    properties.put("namastack.outbox.polling.fixed.interval", "50ms");
    properties.put("namastack.outbox.polling.batch-size", 1_000);
    properties.put("namastack.outbox.processing.delete-completed-records", true);
    properties.put("namastack.outbox.processing.executor-core-pool-size", 16);
    properties.put("namastack.outbox.processing.executor-max-pool-size", 16);
    this.application =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .properties(properties)
            .initializers(
                (GenericApplicationContext context) ->
                    context.registerBean(Handler.class, () -> new Handler(sends, begun)))
            .run();
    this.database = application.getBean(JdbcTemplate.class);
    awaitBegun();
  }

  /** An instance waits for its share of the partitions first: that is no part of draining. */
  private void awaitBegun() {
    application.getBean(Outbox.class).schedule(new Payload(BEGUN, ""), BEGUN);
    try {
      if (!begun.await(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("Namastack Outbox has not begun to send");
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", ended);
    }
  }

  /** Schedules so many sends in a transaction that is still open, so that none begins. */
  public void fill(int messages) {
    database.execute("truncate outbox_record");
    filled =
        application
            .getBean(PlatformTransactionManager.class)
            .getTransaction(new DefaultTransactionDefinition());
    Outbox outbox = application.getBean(Outbox.class);
    for (int number = 0; number < messages; number++) {
      String key = Sends.key(number);
      outbox.schedule(new Payload(key, sends.body()), key);
    }
  }

  /** Commits, and returns once all are sent and none is left. */
  public void drain(int messages) {
    if (filled == null) {
      throw new IllegalStateException("It is not filled");
    }
    application.getBean(PlatformTransactionManager.class).commit(filled);
    while (sends.sent() < messages || isAny()) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private boolean isAny() {
    return !database.queryForList("select 1 from outbox_record limit 1").isEmpty();
  }

  @Override
  public void close() {
    application.close();
    sends.close();
  }
}
