// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.util.concurrent.CompletableFuture;

/**
 * A broker, reached. Thread-safe. How to write one, with the reasons behind each rule, is in {@code
 * docs/writing-a-transport.md}; {@code TransportConformance} in the testkit says whether it is
 * right.
 */
public interface Transport extends AutoCloseable {

  /**
   * How many lanes a topic has, at least 1. May ask the broker; answers are remembered.
   *
   * @throws TransportException REFUSED if the topic does not exist, UNKNOWN if the broker did not
   *     answer in time
   */
  int lanes(String topic);

  /**
   * Hands a message over and returns at once: it never waits for the broker, and never tries again
   * by itself where that could break the order of a lane or store under another identity.
   *
   * <p>Calls for one lane that happen one after another are stored in that order, unless one of
   * them fails. Where no member {@linkplain Subscription#holdsLanesAlone holds lanes alone}, so
   * that none sees a lane whole, it is enough that those of one key are, and those without key. The
   * future completes exactly once, within the confirm timeout of the {@link TransportConfig}, on
   * any thread: whoever depends on it must not block that thread.
   *
   * @return the receipt once the broker stored the message; fails with a {@link
   *     TransportException}, never with anything else
   */
  CompletableFuture<Receipt> send(Outgoing message);

  /**
   * Whether several sends of one lane may be under way without risk to their order: if one fails
   * because its connection was cut, its leader changed or its process died, none of those handed
   * over after it and before its failure was told is stored ahead of its next try. So such a
   * transport completes the futures of all sends that a cut leaves unresolved, and what depends on
   * them has run, before it writes any later send of the lane to the next connection. A refusal of
   * one message by itself, and a deadline that passed, are no such failures. False if in doubt: a
   * producer then has one send of a key under way, whatever order it was asked for.
   */
  default boolean keepsPipelinedOrder() {
    return false;
  }

  /**
   * Joins a group. Several subscriptions of one transport are independent members.
   *
   * @throws TransportException REFUSED if the topic does not exist or the group may not read it
   */
  Subscription subscribe(SubscriptionSpec spec, LaneListener lanes);

  /** The broker's settings. */
  BrokerAdmin admin();

  /**
   * Waits for the sends under way, at most as long as a confirm may take, then lets the broker go.
   * A later send fails with REFUSED. Subscriptions are closed by their own threads before this.
   * Closing twice does nothing.
   */
  @Override
  void close();
}
