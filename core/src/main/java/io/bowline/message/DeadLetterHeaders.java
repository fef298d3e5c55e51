// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

/**
 * The headers by which a dead letter tells of the message that it is a copy of, and of its death;
 * and those of a message that was replayed. What is in them: {@code docs/dead-letters.md}.
 */
public final class DeadLetterHeaders {
  /** What all headers of a dead letter begin with, and no header of a replayed message does. */
  public static final String PREFIX = "bowline-dead-";

  /** The message of the exception. */
  public static final String REASON = PREFIX + "reason";

  /** The class of the exception. */
  public static final String EXCEPTION = PREFIX + "exception";

  /** Classes and first frames of the exception and its causes, in one line. */
  public static final String STACK = PREFIX + "stack";

  /** How often the message was tried. */
  public static final String ATTEMPTS = PREFIX + "attempts";

  /** How often it was dead-lettered since it was sent or replayed: 1, if no dead letter died. */
  public static final String DEATHS = PREFIX + "deaths";

  /** The group whose handler failed. */
  public static final String GROUP = PREFIX + "group";

  /** When, ISO 8601, UTC. */
  public static final String AT = PREFIX + "at";

  /** The topic of the first original, to which a replay sends it. */
  public static final String TOPIC = PREFIX + "topic";

  /** The lane of the first original. */
  public static final String LANE = PREFIX + "lane";

  /** The position of the first original. */
  public static final String POSITION = PREFIX + "position";

  /** The source in the first original's stamp. */
  public static final String SOURCE = PREFIX + "source";

  /** The epoch in the first original's stamp, hexadecimal. */
  public static final String EPOCH = PREFIX + "epoch";

  /** The number of its key in the first original's stamp. */
  public static final String NUMBER = PREFIX + "number";

  /** How often a message was replayed; it stays on its later dead letters. */
  public static final String REPLAYS = "bowline-replays";

  /** The run of a replay that sent it last, to its topic or back to the dead letters. */
  public static final String REPLAY_RUN = "bowline-replay-run";

  /** The stamp of the message that was replayed, as it was before its first replay. */
  public static final String REPLAYED_STAMP = "bowline-replayed-stamp";

  private DeadLetterHeaders() {}
}
