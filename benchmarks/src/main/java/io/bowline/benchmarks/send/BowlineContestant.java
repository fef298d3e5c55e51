// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.send;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.producer.Order;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.ReliableProducer;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Bowline's producer, as a user has it. */
final class BowlineContestant implements Contestant {
  private final Bowline bowline;
  private final ReliableProducer producer;
  private final BiConsumer<@Nullable Object, @Nullable Throwable> outcome;

  private BowlineContestant(Bowline bowline, ReliableProducer producer, Tally tally) {
    this.bowline = bowline;
    this.producer = producer;
    this.outcome = (receipt, failure) -> tally.outcome(failure);
  }

  /** With this window, and all else by default. */
  static Opener opener(String address, int window) {
    return opener(address, window, Order.STRICT);
  }

  static Opener opener(String address, int window, Order order) {
    return opener(address, producer -> producer.window(window, Match.WINDOW_BYTES).order(order));
  }

  private static Opener opener(String address, UnaryOperator<ProducerBuilder> settings) {
    return tally -> {
      Bowline bowline = Bowline.connect(address);
      return new BowlineContestant(
          bowline, settings.apply(bowline.producer("benchmark")).open(), tally);
    };
  }

  @Override
  public void send(String topic, String key, byte[] body) {
    var unused = producer.send(Message.to(topic).key(key).body(body)).whenComplete(outcome);
  }

  @Override
  public void sendAndWait(String topic, String key, byte[] body) {
    var unused = producer.send(Message.to(topic).key(key).body(body)).join();
  }

  @Override
  public void close() {
    bowline.close();
  }
}
