// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

/** What a broker may do wrong on purpose, so that it is known that a simulation sees it. */
public enum BrokerFlaw {
  /** Nothing. */
  NONE,
  /** Confirms sends that it did not store. */
  CONFIRMS_WHAT_IT_LOST,
  /** Loses messages that it stored and confirmed. */
  LOSES_WHAT_IT_STORED,
  /** Hands the messages of a lane out in the wrong order. */
  HANDS_OUT_OF_ORDER,
  /** Says that a message was not stored when it was. */
  REFUSES_WHAT_IT_STORED,
  /** Takes an accepted message for all before it in its lane. */
  ACCEPTS_ALL_BEFORE,
  /** Hands out more messages than were asked for. */
  HANDS_OUT_TOO_MANY
}
