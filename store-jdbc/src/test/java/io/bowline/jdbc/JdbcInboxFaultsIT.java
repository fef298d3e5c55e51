// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Handler;
import io.bowline.consumer.Postponed;
import io.bowline.message.Received;
import io.bowline.testkit.faults.FaultProxy;
import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What real databases and networks do to an inbox. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(
    value = TestDatabases.class,
    names = {"POSTGRESQL", "MARIADB"})
final class JdbcInboxFaultsIT {
  private static final Pattern PLACE = Pattern.compile("//127\\.0\\.0\\.1:(\\d+)/");

  private final TestDatabases kind;
  private final BrokerServer server;
  private final InboxStage stage;
  private final AtomicInteger calls = new AtomicInteger();
  private final CyclicBarrier both = new CyclicBarrier(2);
  private ExecutorService threads;

  JdbcInboxFaultsIT(TestDatabases kind) throws SQLException {
    this.kind = kind;
    server = kind == TestDatabases.POSTGRESQL ? Servers.postgres() : Servers.mariaDb();
    stage = new InboxStage(kind.source());
  }

  @BeforeEach
  void open() {
    threads = Executors.newCachedThreadPool();
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private static JdbcInbox inbox(String address) {
    return JdbcInbox.in(new UrlDataSource(address), "billing").purgeByHand().open();
  }

  private FaultProxy proxy() {
    return FaultProxy.to("127.0.0.1", Integer.parseInt(place().group(1)));
  }

  private Matcher place() {
    Matcher place = PLACE.matcher(server.address());
    assertTrue(place.find(), "a database on this machine");
    return place;
  }

  private String through(FaultProxy proxy) {
    return place().replaceFirst("//127.0.0.1:" + proxy.port() + "/");
  }

  private void deduct(Received message, Connection connection) throws SQLException {
    calls.incrementAndGet();
    stage.deduct(message, connection);
  }

  private void assertOnce() throws SQLException {
    assertEquals(1, stage.effects("m"));
    assertEquals(1, stage.paid("user-7"));
    assertEquals(1, stage.remembered());
  }

  /** The server commits, and nobody hears of it. */
  @Test
  void aCommitWhoseAnswerIsLostIsNotDoneAgain() throws Exception {
    try (FaultProxy proxy = proxy();
        JdbcInbox inbox = inbox(through(proxy))) {
      CountDownLatch atCommit = new CountDownLatch(1);
      Handler handler =
          inbox.handler(
              (message, connection) -> {
                deduct(message, connection);
                proxy.dropAnswers();
                atCommit.countDown();
              });
      long before = proxy.dropped();
      Future<?> cut =
          threads.submit(
              () -> {
                assertTrue(atCommit.await(60, TimeUnit.SECONDS));
                proxy.awaitDropped(before + 1, Duration.ofSeconds(60));
                return proxy.cutAfterRequests();
              });
      handler.handle(stage.message("m"));
      assertEquals(1, cut.get());
    }
    assertEquals(1, calls.get(), "its row told that it was committed");
    assertOnce();
  }

  /** The commit does not reach the server. */
  @Test
  void aCommitThatIsLostIsDoneAgain() throws Exception {
    try (FaultProxy proxy = proxy();
        JdbcInbox inbox = inbox(through(proxy))) {
      Handler handler =
          inbox.handler(
              (message, connection) -> {
                deduct(message, connection);
                if (calls.get() == 1) {
                  assertEquals(1, proxy.cutAll());
                }
              });
      handler.handle(stage.message("m"));
    }
    assertEquals(2, calls.get());
    assertOnce();
  }

  /** And the server has not noticed: it holds the row until it does, and nothing is guessed. */
  @Test
  void whileTheOldTransactionMayStillBeAliveNothingIsDone() throws Exception {
    if (kind != TestDatabases.MARIADB) {
      return; // PostgreSQL ends it by itself, which is shown below
    }
    try (FaultProxy proxy = proxy();
        JdbcInbox inbox =
            JdbcInbox.in(new UrlDataSource(through(proxy)), "billing")
                .timeout(Duration.ofSeconds(1))
                .purgeByHand()
                .open()) {
      Handler handler =
          inbox.handler(
              (message, connection) -> {
                deduct(message, connection);
                if (calls.get() == 1) {
                  proxy.freezePresent();
                }
              });
      Postponed told = assertThrows(Postponed.class, () -> handler.handle(stage.message("m")));
      assertInstanceOf(SQLException.class, told.getCause());
      assertEquals(1, calls.get());
      assertEquals(0, stage.effects("m"));
      assertEquals(1, proxy.cutFrozen());
      Patience.until("the server has noticed", () -> handled(handler));
    }
    assertOnce();
  }

  private boolean handled(Handler handler) throws Exception {
    try {
      handler.handle(stage.message("m"));
      return true;
    } catch (Postponed notYet) {
      return false;
    }
  }

  @Test
  void aDeadlockIsDoneAgainRowAndEffect() throws Exception {
    try (JdbcInbox inbox = inbox(server.address())) {
      Future<?> one = threads.submit(() -> cross(inbox, "m1", "user-7", "user-8"));
      Future<?> other = threads.submit(() -> cross(inbox, "m2", "user-8", "user-7"));
      one.get();
      other.get();
    }
    assertTrue(calls.get() > 2, "nobody lost");
    assertEquals(2, stage.paid("user-7"));
    assertEquals(2, stage.paid("user-8"));
    assertEquals(2, stage.remembered());
  }

  private boolean cross(JdbcInbox inbox, String id, String first, String second) throws Exception {
    AtomicBoolean again = new AtomicBoolean();
    inbox
        .handler(
            (message, connection) -> {
              calls.incrementAndGet();
              stage.pay(first, connection);
              if (!again.getAndSet(true)) {
                both.await(60, TimeUnit.SECONDS);
              }
              stage.pay(second, connection);
            })
        .handle(stage.message(id));
    return true;
  }

  /** A process that stands still in its transaction must not hold the message for ever. */
  @Test
  void whoStandsStillLosesItsTransactionAndFindsTheWorkDone() throws Exception {
    if (kind != TestDatabases.POSTGRESQL) {
      return; // MariaDB has a setting of the server for that
    }
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (JdbcInbox still =
            JdbcInbox.in(new UrlDataSource(server.address()), "billing")
                .timeout(Duration.ofMillis(200))
                .open();
        JdbcInbox quick = inbox(server.address())) {
      Handler paused =
          still.handler(
              (message, connection) -> {
                deduct(message, connection);
                inside.countDown();
                assertTrue(goOn.await(60, TimeUnit.SECONDS));
                stage.pay("user-8", connection);
              });
      Future<?> first =
          threads.submit(
              () -> {
                paused.handle(stage.message("m"));
                return true;
              });
      assertTrue(inside.await(60, TimeUnit.SECONDS));
      Patience.until("the other one does it", () -> handled(quick.handler(this::deduct)));
      goOn.countDown();
      first.get();
    }
    assertEquals(0, stage.paid("user-8"));
    assertOnce();
  }
}
