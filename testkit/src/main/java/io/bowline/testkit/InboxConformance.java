// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.consumer.Handler;
import io.bowline.consumer.Unprocessable;
import io.bowline.message.Received;
import io.bowline.testkit.FragileDatabase.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an inbox must do that remembers messages in the transaction of their effects, each behaviour
 * a test. It makes a table {@code bowline_kit_effect} beside the inbox's own. Messages of one run
 * are new to the inbox that is given.
 *
 * <pre>{@code
 * final class MyInboxIT extends InboxConformance {
 *   @Override
 *   protected DataSource database() {
 *     return database;
 *   }
 *
 *   @Override
 *   protected Handler handler(DataSource database, String group, Effect effect) {
 *     return new MyInbox(database, group).handler(effect::apply);
 *   }
 * }
 * }</pre>
 */
public abstract class InboxConformance {
  private static final int THREADS = 8;
  private static final int MESSAGES = 40;
  private static final int COPIES = 3;
  private static final int MOST_TRIES = 200;
  private static final int MOST_STEPS = 60;

  private final String topic = "topic-" + UUID.randomUUID();
  private final AtomicInteger calls = new AtomicInteger();

  /** For subclasses. */
  protected InboxConformance() {}

  /** What is done for a message, by the connection of the transaction that remembers it. */
  @FunctionalInterface
  public interface Effect {

    /** Does it; throwing means that nothing of it may stay. */
    void apply(Received message, Connection connection) throws Exception;
  }

  /** The database, where tables can be made. */
  protected abstract DataSource database();

  /**
   * A handler as a process makes it: each call another one, on the same data.
   *
   * @param database leads to {@link #database}, not always well
   */
  protected abstract Handler handler(DataSource database, String group, Effect effect);

  @BeforeEach
  final void makeTable() throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      boolean unused =
          statement.execute(
              "create table if not exists bowline_kit_effect (effect varchar(400) not null)");
    }
  }

  private Handler billing(Effect effect) {
    return handler(database(), "billing", effect);
  }

  private Received message(String id) {
    return InboxMessages.stamped(topic, "key", id);
  }

  /** The plain effect: a row for the message. */
  private void deduct(Received message, Connection connection) throws SQLException {
    calls.incrementAndGet();
    try (PreparedStatement insert =
        connection.prepareStatement("insert into bowline_kit_effect (effect) values (?)")) {
      insert.setString(1, effect(message));
      int unused = insert.executeUpdate();
    }
  }

  /** No database takes two of these for one. */
  private static String effect(Received message) {
    return message.topic() + " " + UUID.nameUUIDFromBytes(InboxMessages.bytes(message.id()));
  }

  private int effects(Received message) throws SQLException {
    try (Connection connection = database().getConnection();
        PreparedStatement count =
            connection.prepareStatement(
                "select count(*) from bowline_kit_effect where effect = ?")) {
      count.setString(1, effect(message));
      try (ResultSet row = count.executeQuery()) {
        assertTrue(row.next());
        return row.getInt(1);
      }
    }
  }

  /** As a consumer does it whose attempts have no end. */
  private static void handle(Handler handler, Received message) throws Exception {
    Exception last = null;
    for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
      try {
        handler.handle(message);
        return;
      } catch (Exception failure) {
        last = failure;
      }
    }
    throw new AssertionError("It failed " + MOST_TRIES + " times", last);
  }

  @Test
  final void anEffectHappensOnceHoweverOftenItsMessageComes() throws Exception {
    Handler handler = billing(this::deduct);
    for (int delivery = 0; delivery < 3; delivery++) {
      handler.handle(message("m"));
      assertEquals(1, effects(message("m")));
    }
    assertEquals(1, calls.get());
  }

  @Test
  final void whatOneProcessDidTheNextKnows() throws Exception {
    billing(this::deduct).handle(message("m"));
    billing(this::deduct).handle(message("m"));
    assertEquals(1, effects(message("m")));
  }

  @Test
  final void whatTheEffectThrowsGoesOnAndNothingOfItStays() throws Exception {
    IllegalStateException thrown = new IllegalStateException("a test");
    Handler failing =
        billing(
            (message, connection) -> {
              deduct(message, connection);
              throw thrown;
            });
    assertSame(
        thrown, assertThrows(IllegalStateException.class, () -> failing.handle(message("m"))));
    assertEquals(0, effects(message("m")));
    billing(this::deduct).handle(message("m"));
    assertEquals(1, effects(message("m")), "it was not done before");
  }

  @Test
  final void whatCannotBeProcessedIsToldAsThat() throws Exception {
    Unprocessable thrown = new Unprocessable("a test");
    Handler failing =
        billing(
            (message, connection) -> {
              throw thrown;
            });
    assertSame(thrown, assertThrows(Unprocessable.class, () -> failing.handle(message("m"))));
    handle(billing(this::deduct), message("m")); // by a replay
    assertEquals(1, effects(message("m")));
  }

  @Test
  final void messagesOfOneKeyAreToldApart() throws Exception {
    Handler handler = billing(this::deduct);
    handler.handle(message("m1"));
    handler.handle(message("m2"));
    assertEquals(1, effects(message("m2")));
  }

  @Test
  final void groupsAndTopicsKnowNothingOfEachOther() throws Exception {
    billing(this::deduct).handle(message("m"));
    handler(database(), "shipping", this::deduct).handle(message("m"));
    assertEquals(2, effects(message("m")));
    Received elsewhere = InboxMessages.stamped(topic + "-2", "key", "m");
    billing(this::deduct).handle(elsewhere);
    assertEquals(1, effects(elsewhere));
  }

  @Test
  final void idsMayBeLongAndOfAnyLetters() throws Exception {
    Handler handler = billing(this::deduct);
    String longOne = "m 'quoted' \u00e4\u4e2d\ud83e\uded8 \\ % _" + "x".repeat(300);
    List<String> ids =
        List.of("m", "M", "m ", " m", "\u00e4", "a", longOne, longOne + "x", "x\0y", "x?y");
    for (String id : ids) {
      handler.handle(message(id));
      handler.handle(message(id));
      assertEquals(1, effects(message(id)), id);
    }
  }

  @Test
  final void aMessageWithoutStampIsKnownByTheBrokersId() throws Exception {
    Handler handler = billing(this::deduct);
    for (String id : List.of(topic + "/0/1", topic + "/0/1", topic + "/0/2")) {
      handler.handle(InboxMessages.plain(topic, id));
    }
    assertEquals(1, effects(InboxMessages.plain(topic, topic + "/0/1")));
    assertEquals(1, effects(InboxMessages.plain(topic, topic + "/0/2")));
  }

  @Test
  final void aMessageThatComesTwiceAtOnceTakesEffectOnce() throws Exception {
    twiceAtOnce(false);
    assertEquals(1, calls.get(), "calls of the handler");
  }

  @Test
  final void ifTheFirstOfTwoFailsTheOtherDoesTheWork() throws Exception {
    twiceAtOnce(true);
  }

  private void twiceAtOnce(boolean firstFails) throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Handler first =
        billing(
            (message, connection) -> {
              deduct(message, connection);
              inside.countDown();
              assertTrue(goOn.await(60, TimeUnit.SECONDS));
              if (firstFails) {
                throw new IllegalStateException("a test");
              }
            });
    Handler second = billing(this::deduct);
    CountDownLatch begun = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> one = threads.submit(() -> called(first, message("m")));
      assertTrue(inside.await(60, TimeUnit.SECONDS));
      Future<?> other =
          threads.submit(
              () -> {
                begun.countDown();
                return called(second, message("m"));
              });
      assertTrue(begun.await(60, TimeUnit.SECONDS));
      assertFalse(returnsWithin(other), "it was acknowledged before its effect was committed");
      goOn.countDown();
      assertEquals(!firstFails, returns(one));
      if (!returns(other)) {
        handle(billing(this::deduct), message("m"));
      }
      assertEquals(1, effects(message("m")));
    } finally {
      goOn.countDown();
      threads.shutdownNow();
    }
  }

  private static boolean called(Handler handler, Received message) throws Exception {
    handler.handle(message);
    return true;
  }

  /** Whether it returned; an inbox may also throw, so that the message comes again. */
  private static boolean returns(Future<?> call) throws InterruptedException {
    try {
      call.get();
      return true;
    } catch (ExecutionException failed) {
      return false;
    }
  }

  /** The same, if it does soon. */
  private static boolean returnsWithin(Future<?> call) throws InterruptedException {
    try {
      call.get(1, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException notYet) {
      return false;
    }
  }

  @Test
  final void copiesThatComeAtOnceAndFailAtRandomTakeEffectOnce() throws Exception {
    long seed = System.nanoTime();
    List<Received> copies = new ArrayList<>();
    for (int i = 0; i < MESSAGES * COPIES; i++) {
      copies.add(message("m" + i % MESSAGES));
    }
    Random seeds = new Random(seed);
    Collections.shuffle(copies, seeds);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < copies.size(); i++) {
        Received copy = copies.get(i);
        // Neighbouring seeds begin with like numbers, and then nothing fails at all.
        Random random = new Random(seeds.nextLong());
        all.add(
            threads.submit(
                () -> {
                  handle(billing((message, c) -> moody(message, c, random)), copy);
                  return true;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < MESSAGES; i++) {
      assertEquals(1, effects(message("m" + i)), "seed " + seed);
    }
  }

  private void moody(Received message, Connection connection, Random random) throws SQLException {
    // Two calls of three fail: so of 40 messages some fail with each of their copies' first calls.
    int mood = random.nextInt(6);
    if (mood < 2) {
      throw new IllegalStateException("before");
    }
    deduct(message, connection);
    if (mood < 4) {
      throw new IllegalStateException("after");
    }
  }

  @Test
  final void whereverTheDatabaseBreaksOffTheEffectHappensOnce() throws Exception {
    FragileDatabase fragile = new FragileDatabase(database());
    Handler handler = handler(fragile.source(), "billing", this::deduct);
    handler.handle(message("first"));
    for (Fault fault : Fault.values()) {
      boolean broke = true;
      for (int step = 1; broke; step++) {
        assertTrue(step < MOST_STEPS, "one message takes so many steps");
        Received message = message(fault + "-" + step);
        fragile.breakAt(step, fault);
        boolean returned = returned(handler, message);
        broke = fragile.mend();
        int effects = effects(message);
        assertTrue(effects == 1 || (effects == 0 && !returned), fault + " at step " + step);
        handle(handler, message);
        assertEquals(1, effects(message), fault + " at step " + step);
      }
    }
  }

  private static boolean returned(Handler handler, Received message) {
    try {
      handler.handle(message);
      return true;
    } catch (Exception failed) {
      return false;
    }
  }

  /** What a handler may not do with the connection. */
  private interface Trick {
    void play(Connection connection) throws Exception;
  }

  private static List<Trick> tricks() {
    return List.of(
        Connection::commit,
        Connection::rollback,
        Connection::close,
        connection -> connection.setAutoCommit(true),
        connection -> connection.createStatement().execute("commit"),
        connection -> connection.prepareStatement(" /* now */ ROLLBACK ").execute(),
        connection -> connection.createStatement().getConnection().commit(),
        connection -> connection.getMetaData().getConnection().rollback(),
        connection -> connection.unwrap(Connection.class).commit());
  }

  @Test
  final void aHandlerCannotEndTheTransaction() throws Exception {
    for (int trick = 0; trick < tricks().size(); trick++) {
      Received message = message("trick-" + trick);
      for (boolean fails : List.of(true, false)) {
        boolean returned = returned(playing(tricks().get(trick), fails), message);
        assertEquals(returned ? 1 : 0, effects(message), "trick " + trick);
      }
      handle(billing(this::deduct), message);
      assertEquals(1, effects(message), "trick " + trick);
    }
  }

  private Handler playing(Trick trick, boolean fails) {
    return billing(
        (message, connection) -> {
          deduct(message, connection);
          play(trick, connection);
          if (fails) {
            throw new IllegalStateException("a test");
          }
        });
  }

  private static void play(Trick trick, Connection connection) {
    try {
      trick.play(connection);
    } catch (Exception refused) { // as it should be; a careless handler goes on
      assertTrue(refused.getMessage() != null, "it says why");
    }
  }

  @Test
  final void theConnectionIsTheHandlersUntilItReturnsAndNoLonger() throws Exception {
    List<Connection> kept = new ArrayList<>();
    billing((message, connection) -> kept.add(connection)).handle(message("m1"));
    assertThrows(Exception.class, () -> deduct(message("m2"), kept.get(0)));
    assertEquals(0, effects(message("m2")));
    assertTrue(kept.get(0).isClosed());
  }
}
