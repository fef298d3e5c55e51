// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.Bowline;
import io.bowline.consumer.Health.Status;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Message;
import io.bowline.retry.Retry;
import io.bowline.testkit.memory.InMemoryBroker;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.TopicSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Members of one group that remember in a real database what took effect, and what fails there.
 * Each has a broker of its own in memory, which delivers the same message: so it comes twice.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
final class DedupeFailuresIT {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final FickleSource database;
  private final TestDatabases kind;
  private final String id = UUID.randomUUID().toString();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> brokers = new ArrayList<>();
  private final BlockingQueue<String> effects = new LinkedBlockingQueue<>();

  DedupeFailuresIT(TestDatabases kind) {
    this.kind = kind;
    this.database = new FickleSource(kind.source());
    JdbcSchema.of(kind.source()).create();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private interface Work {
    void begin() throws InterruptedException;
  }

  /** A member that gets the message from a broker of its own. */
  private ReliableConsumer member(FickleSource source, Work work) {
    String name = "dedupe-" + UUID.randomUUID();
    brokers.add(name);
    Bowline bowline = Bowline.connect("memory://" + name);
    open.add(0, bowline);
    bowline.admin().ensure(TopicSpec.of("orders").groups("billing"));
    bowline.producer("shop").open().send(Message.to("orders").id(id).text("pay")).join();
    return bowline
        .consumer("orders", "billing")
        .retry(Retry.attempts(5).backoff(Duration.ofMillis(20), Duration.ofMillis(200)))
        .dedupe(JdbcDedupeStore.in(source.source()).lease(LEASE))
        .start(
            message -> {
              work.begin();
              effects.add(message.text());
            });
  }

  private boolean isAcknowledged(int member) {
    return InMemoryBroker.named(brokers.get(member)).unaccepted("orders", "billing") == 0;
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, () -> "never: " + what);
      LockSupport.parkNanos(SECONDS.toNanos(1) / 100);
    }
  }

  private String address() {
    return (kind == TestDatabases.POSTGRESQL ? Servers.postgres() : Servers.mariaDb()).address();
  }

  private String effect() throws InterruptedException {
    return effects.poll(60, SECONDS);
  }

  @Test
  void whatOneMemberDidTheNextAcknowledgesUnhandled() throws InterruptedException {
    var first = member(database, () -> {});
    assertEquals("billing", first.group());
    assertEquals("pay", effect());
    await("it is acknowledged", () -> isAcknowledged(0));
    var second = member(database, () -> {});
    assertEquals("billing", second.group());
    await("it is acknowledged", () -> isAcknowledged(1));
    assertNull(effects.poll());
  }

  @Test
  void whileTheDatabaseIsReadOnlyTheMessageIsKeptAndThatIsTold() throws InterruptedException {
    database.readOnly = true;
    ReliableConsumer member = member(database, () -> {});
    await("it is told", () -> member.health().status() == Status.DEGRADED);
    assertNull(effects.poll());
    assertTrue(!isAcknowledged(0));
    database.readOnly = false;
    assertEquals("pay", effect());
    await("it is acknowledged", () -> isAcknowledged(0));
  }

  @Test
  void aDatabaseThatGoesAwayAfterTheEffectIsAskedUntilItIsBack() throws InterruptedException {
    ReliableConsumer member = member(database, () -> database.away = true);
    assertEquals("pay", effect());
    await("it is told", () -> member.health().status() == Status.DEGRADED);
    assertTrue(!isAcknowledged(0));
    database.away = false;
    await("it is acknowledged", () -> isAcknowledged(0));
    assertNull(effects.poll(), "it is not handled again");
  }

  @Test
  void aCommitWithoutAnAnswerCostsNeitherTheMessageNorASecondEffect() throws InterruptedException {
    ReliableConsumer member = member(database, () -> database.losesAnswer = true);
    assertEquals("billing", member.group());
    assertEquals("pay", effect());
    await("it is acknowledged", () -> isAcknowledged(0));
    assertNull(effects.poll());
  }

  @Test
  void aClaimWhoseAnswerIsLostIsMadeAgainOnceItsLeaseIsOver() throws InterruptedException {
    database.losesAnswer = true;
    ReliableConsumer member = member(database, () -> {});
    assertEquals("billing", member.group());
    assertEquals("pay", effect());
    await("it is acknowledged", () -> isAcknowledged(0));
    assertNull(effects.poll());
  }

  /** It stands still for its database: what it holds cannot be extended. */
  @Test
  void aMemberThatIsSilentPastItsLeaseIsFollowedAndBothAcknowledge() throws InterruptedException {
    Semaphore goOn = new Semaphore(0);
    Semaphore begun = new Semaphore(0);
    ReliableConsumer silent =
        member(
            database,
            () -> {
              begun.release();
              goOn.acquire();
            });
    assertEquals("billing", silent.group());
    assertTrue(begun.tryAcquire(60, SECONDS));
    database.away = true;
    ReliableConsumer next = member(new FickleSource(kind.source()), () -> {});
    assertEquals("billing", next.group());
    assertEquals("pay", effect());
    await("it is acknowledged", () -> isAcknowledged(1));
    database.away = false;
    goOn.release();
    assertEquals("pay", effect(), "the hole: it took effect twice");
    await("it is acknowledged", () -> isAcknowledged(0));
  }

  /** The hole of every dedupe store beside the effect. */
  @Test
  void aProcessKilledBetweenEffectAndDoneLetsItTakeEffectAgain(@TempDir Path folder)
      throws Exception {
    Path book = folder.resolve("effects");
    Process killed = DedupeVictim.start(address(), id, book);
    await("it took effect", () -> Files.exists(book));
    killed.destroyForcibly(); // SIGKILL
    assertTrue(killed.waitFor(60, SECONDS));
    ReliableConsumer next = member(database, () -> {});
    assertEquals("billing", next.group());
    assertEquals("pay", effect(), "once more");
    await("it is acknowledged", () -> isAcknowledged(0));
  }
}
