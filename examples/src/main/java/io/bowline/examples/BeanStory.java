// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.Bowline;
import io.bowline.examples.Ledger.Account;
import io.bowline.transport.TopicSpec;
import java.io.PrintStream;
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
  private final String topic = "beans.deduct." + Long.toString(System.nanoTime(), 36);
  private final long start = System.nanoTime();

  private BeanStory(String broker, StoryOptions options) {
    this.broker = broker;
    this.options = options;
  }

  /**
   * Plays it.
   *
   * @param startBroker starts a broker and returns its address; used if the arguments hold none
   * @return the exit status: 0 only if every order was confirmed and processed, in each user's
   *     order
   */
  static int play(String broker, Supplier<String> startBroker, String[] args) {
    try {
      return new BeanStory(broker, StoryOptions.parse(args, startBroker)).play() ? 0 : 1;
    } catch (InterruptedException interrupted) {
      return 130;
    } catch (RuntimeException failure) {
      System.err.println("The demo could not be played: " + failure.getMessage());
      return 2;
    }
  }

  private boolean play() throws InterruptedException {
    try (Bowline bowline = Bowline.connect(options.address())) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(LANES).groups(BeanService.GROUP));
      bowline.admin().ensure(TopicSpec.of(topic + ".dead").lanes(1).groups("bean-doctor"));
      say("%,d orders of %d users to %s", options.orders(), TradeService.USERS, topic);
      BeanServiceProcess beans = startBeans("started");
      Thread trade = new Thread(new TradeService(bowline, topic, options.orders(), ledger));
      trade.start();
      watchUntil(() -> ledger.processed() >= options.orders() / 3, beans);
      beans.kill();
      say("bean service %d was killed without warning", beans.pid());
      beans = startBeans("started in its place");
      trade.join();
      watchUntil(() -> ledger.account().lost() == 0, beans);
      beans.stop(PATIENCE_SECONDS);
    }
    return tellResult();
  }

  private BeanServiceProcess startBeans(String how) {
    BeanServiceProcess beans = BeanServiceProcess.start(options.address(), topic, ledger);
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
        "%,7d confirmed %,7d processed %,5d twice",
        now.confirmed(), now.processed(), now.redelivered());
  }

  private boolean tellResult() {
    Account end = ledger.account();
    double seconds = (System.nanoTime() - start) / 1e9;
    boolean good = end.lost() == 0 && end.outOfOrder() == 0 && end.confirmed() == options.orders();
    if (end.unconfirmed() > 0) {
      say("%,d orders were not confirmed; the first: %s", end.unconfirmed(), ledger.firstFailure());
    }
    say(
        good
            ? "Every order was confirmed and processed, each user's in order; %,d came twice."
            : "NOT as promised; %,d came twice.",
        end.redelivered());
    out.printf(
        Locale.ROOT,
        "RESULT broker=%s orders=%d confirmed=%d lost=%d redelivered=%d out-of-order=%d"
            + " seconds=%.1f%n",
        broker,
        options.orders(),
        end.confirmed(),
        end.lost(),
        end.redelivered(),
        end.outOfOrder(),
        seconds);
    return good;
  }

  private void say(String format, Object... values) {
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, String.format(Locale.ROOT, format, values));
  }
}
