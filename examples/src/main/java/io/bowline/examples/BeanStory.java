// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.Bowline;
import io.bowline.examples.Ledger.Account;
import io.bowline.examples.TradeService.Orders;
import io.bowline.transport.TopicSpec;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Plays the bean story on a real broker, with the bean service killed once on the way. */
final class BeanStory {
  /** After this long without any deduction the story ends with what is missing. */
  private static final int PATIENCE_SECONDS = 90;

  private static final int LANES = 8;

  private final String broker;
  private final StoryOptions options;
  private final PrintStream out = System.out;
  private final Ledger ledger = new Ledger();
  private final CountDownLatch never = new CountDownLatch(1);
  private final BeanDatabase database;
  private final BeanTables tables;
  private final String topic = "beans.deduct." + Long.toString(System.nanoTime(), 36);
  private final long start = System.nanoTime();

  private BeanStory(String broker, StoryOptions options, BeanDatabase database) {
    this.broker = broker;
    this.options = options;
    this.database = database;
    this.tables = new BeanTables(topic);
  }

  /**
   * Plays it.
   *
   * @param startBroker starts a broker and returns its address; used if the arguments hold none
   * @return the exit status: 0 only if every order was committed and deducted once, in each user's
   *     order
   */
  static int play(String broker, Supplier<String> startBroker, String[] args) {
    try {
      StoryOptions options = StoryOptions.parse(args, startBroker);
      try (BeanDatabase database = BeanDatabase.at(options.database())) {
        return new BeanStory(broker, options, database).play() ? 0 : 1;
      }
    } catch (InterruptedException interrupted) {
      return 130;
    } catch (RuntimeException | SQLException failure) {
      System.err.println("The demo could not be played: " + failure.getMessage());
      return 2;
    }
  }

  private boolean play() throws InterruptedException, SQLException {
    try (HikariDataSource pool = BeanDatabase.pool(database.url(), 1)) {
      tables.prepare(pool, TradeService.USERS);
    }
    try (BeanDatabase tradeDatabase = BeanDatabase.at(options.database());
        HikariDataSource tradePool =
            BeanDatabase.pool(tradeDatabase.url(), TradeService.CONNECTIONS);
        Bowline bowline = Bowline.connect(options.address())) {
      TradeTable.prepare(tradePool);
      TopicSpec orders = TopicSpec.of(topic).lanes(LANES).groups(BeanService.GROUP);
      bowline.admin().ensure(orders.deadLetters(topic + ".dead"));
      say("%,d orders of %d users to %s", options.orders(), TradeService.USERS, topic);
      say("the trade service and the bean service each keep theirs in %s", database.name());
      TradeService trades =
          new TradeService(bowline, tradePool, new Orders(topic, options.orders()), ledger);
      BeanServiceProcess beans = playWith(new Thread(trades, "trade-service"));
      beans.stop(PATIENCE_SECONDS);
    }
    return tellResult(wrongBalances());
  }

  /** Lets it trade, with a bean service that is killed on the way; the one in its place. */
  private BeanServiceProcess playWith(Thread trade) throws InterruptedException {
    BeanServiceProcess beans = startBeans("started");
    trade.start();
    watchUntil(() -> ledger.processed() >= options.orders() / 3, beans);
    beans.kill();
    say("bean service %d was killed without warning", beans.pid());
    beans = startBeans("started in its place");
    trade.join();
    watchUntil(() -> ledger.account().lost() == 0, beans);
    return beans;
  }

  /** Has the ledger read what was deducted, now that the bean service has let go of its tables. */
  private int wrongBalances() throws SQLException {
    try (HikariDataSource pool = BeanDatabase.pool(database.url(), 1)) {
      ledger.applied(tables.deducted(pool));
      return tables.wrongBalances(pool);
    }
  }

  private BeanServiceProcess startBeans(String how) {
    BeanServiceProcess beans =
        BeanServiceProcess.start(options.address(), topic, database.url(), ledger);
    say("bean service %d %s", beans.pid(), how);
    return beans;
  }

  /** Waits for a condition, telling how it goes, as long as anything moves. */
  private void watchUntil(BooleanSupplier reached, BeanServiceProcess beans)
      throws InterruptedException {
    int processed = -1;
    long movedAt = System.nanoTime();
    for (int tick = 1; !reached.getAsBoolean(); tick++) {
      Account now = ledger.account();
      if (now.processed() != processed) {
        processed = now.processed();
        movedAt = System.nanoTime();
      }
      boolean still = System.nanoTime() - movedAt > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      if (still || !beans.alive()) {
        say(
            still ? "nothing moved for %d s" : "the bean service ended by itself",
            PATIENCE_SECONDS);
        return;
      }
      if (tick % 10 == 0) {
        tell(now);
      }
      boolean unused = never.await(100, TimeUnit.MILLISECONDS);
    }
    tell(ledger.account());
  }

  private void tell(Account now) {
    say(
        "%,7d committed %,7d processed %,5d twice",
        now.committed(), now.processed(), now.redelivered());
  }

  private boolean tellResult(int wrongBalances) {
    Account end = ledger.account();
    double seconds = (System.nanoTime() - start) / 1e9;
    boolean once = end.lost() == 0 && end.appliedTwice() == 0 && wrongBalances == 0;
    boolean good = once && end.outOfOrder() == 0 && end.committed() == options.orders();
    if (wrongBalances > 0) {
      say("%,d users have another balance than their orders leave", wrongBalances);
    }
    if (end.failed() > 0) {
      say("%,d trades failed; the first: %s", end.failed(), ledger.firstFailure());
    }
    say(
        good
            ? "Every order was committed and deducted once, each user's in order; %,d came twice."
            : "NOT as promised; %,d came twice.",
        end.redelivered());
    out.printf(
        Locale.ROOT,
        "RESULT broker=%s orders=%d committed=%d lost=%d redelivered=%d out-of-order=%d"
            + " applied-twice=%d seconds=%.1f%n",
        broker,
        options.orders(),
        end.committed(),
        end.lost(),
        end.redelivered(),
        end.outOfOrder(),
        end.appliedTwice(),
        seconds);
    return good;
  }

  private void say(String format, Object... values) {
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, String.format(Locale.ROOT, format, values));
  }
}
