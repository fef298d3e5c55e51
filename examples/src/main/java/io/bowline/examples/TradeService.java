// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import org.jspecify.annotations.Nullable;

/** Orders beans to be deducted, and tells the ledger which orders the broker confirmed. */
final class TradeService implements Runnable {
  static final int USERS = 500;
  private static final int BEANS = 100;

  private final Bowline bowline;
  private final String topic;
  private final int orders;
  private final Ledger ledger;

  TradeService(Bowline bowline, String topic, int orders, Ledger ledger) {
    this.bowline = bowline;
    this.topic = topic;
    this.orders = orders;
    this.ledger = ledger;
  }

  @Override
  public void run() {
    try (ReliableProducer producer = bowline.producer("trade-service").open()) {
      for (int i = 0; i < orders; i++) {
        send(producer, new Order("user-" + i % USERS, i / USERS + 1, BEANS));
      }
    }
  }

  private void send(ReliableProducer producer, Order order) {
    Message message = Message.to(topic).key(order.user()).text(order.text());
    var unused = producer.send(message).whenComplete((receipt, failure) -> tell(order, failure));
  }

  private void tell(Order order, @Nullable Throwable failure) {
    if (failure == null) {
      ledger.confirmed(order);
    } else {
      ledger.unconfirmed(order, failure);
    }
  }
}
