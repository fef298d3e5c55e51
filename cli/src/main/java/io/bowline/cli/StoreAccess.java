// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.gap.GapStore;
import io.bowline.jdbc.JdbcGapStore;
import io.bowline.jdbc.JdbcOutbox;
import io.bowline.jdbc.OutboxKeys;
import io.bowline.redis.RedisAccess;
import io.bowline.redis.RedisGapStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The way to a store. */
final class StoreAccess {
  static final String PASSWORD = "BOWLINE_STORE_PASSWORD";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "STORE",
      description = "The store: jdbc:postgresql://…, jdbc:mariadb://…, jdbc:h2:… or redis://…")
  private String address = "";

  @Option(
      names = "--store-user",
      paramLabel = "USER",
      description = "The user of the database, if the address does not say it.")
  private @Nullable String user;

  @Option(
      names = "--store-password-file",
      paramLabel = "FILE",
      description = "Holds that user's password; or set " + PASSWORD + ".")
  private @Nullable Path passwordFile;

  @Option(
      names = "--timeout",
      paramLabel = "SPAN",
      defaultValue = "10s",
      description = "The longest wait for a connection, ${DEFAULT-VALUE} by default.")
  private Duration timeout = Duration.ofSeconds(10);

  private final Terminal terminal;

  StoreAccess(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Asks a store of gaps. */
  <T> T gaps(Function<GapStore, T> question) {
    if (!address.startsWith("redis")) {
      return question.apply(JdbcGapStore.in(database()));
    }
    String full =
        password().map(password -> checked(() -> password.in(address, true))).orElse(address);
    try (RedisAccess redis = checked(() -> RedisAccess.connect(full))) {
      return question.apply(RedisGapStore.in(redis));
    }
  }

  /** A database, which is not asked yet. */
  DataSource database() {
    return checked(() -> new UrlDatabase(address, Optional.ofNullable(user), password(), timeout));
  }

  /** An outbox, which is not asked yet. */
  JdbcOutbox outbox(String name) {
    DataSource database = database();
    return checked(() -> JdbcOutbox.in(database, name));
  }

  /** The keys of an outbox, which is not asked yet. */
  OutboxKeys outboxKeys(String name) {
    DataSource database = database();
    return checked(() -> OutboxKeys.in(database, name));
  }

  private Optional<Password> password() {
    return checked(() -> Password.of(passwordFile, terminal.environment().get(PASSWORD)));
  }

  private <T> T checked(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
