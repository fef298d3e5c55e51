// SPDX-License-Identifier: Apache-2.0
package io.bowline.replay;

import io.bowline.message.DeadLetterHeaders;
import io.bowline.message.Message;
import io.bowline.message.Received;
import io.bowline.message.Stamp;
import io.bowline.message.Stamp.KeyNumber;
import io.bowline.message.StampCodec;
import io.bowline.replay.ReplayReport.Fate;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides what becomes of a dead letter, and writes the message that goes out for it. Pure.
 *
 * @param run the id of this run, on all that it sends
 * @param topic the topic of the dead letters
 * @param group whose dead letters are replayed
 * @param selected which of these
 * @param maxReplays how often one may be replayed in all
 */
record Selection(
    String run, String topic, String group, Predicate<Received> selected, int maxReplays) {

  /**
   * Whether this run sent it, or what it sent came back dead: then all that was there when the run
   * began lies before it in its lane.
   */
  boolean isOfThisRun(Received letter) {
    return run.equals(letter.headers().get(DeadLetterHeaders.REPLAY_RUN));
  }

  /** What should become of a letter that is not of this run. */
  Fate fate(Received letter) {
    Map<String, String> headers = letter.headers();
    String theirs = headers.get(DeadLetterHeaders.GROUP);
    if (theirs != null && !theirs.equals(group)) {
      return Fate.OTHER_GROUP;
    }
    String origin = headers.get(DeadLetterHeaders.TOPIC);
    if (origin == null || origin.isBlank() || origin.equals(topic)) {
      return Fate.NO_ORIGIN;
    }
    if (!selected.test(letter)) {
      return Fate.NOT_SELECTED;
    }
    return replays(letter) < maxReplays ? Fate.REPLAYED : Fate.REPLAYED_TOO_OFTEN;
  }

  /** The message as it goes to its topic once more: without what was told of its death. */
  Message toOrigin(Received letter) {
    String origin = letter.headers().getOrDefault(DeadLetterHeaders.TOPIC, topic);
    Message message =
        Message.copyOf(letter, origin)
            .withoutHeaders(name -> name.startsWith(DeadLetterHeaders.PREFIX))
            .header(DeadLetterHeaders.REPLAYS, Integer.toString(replays(letter) + 1))
            .header(DeadLetterHeaders.REPLAY_RUN, run);
    Optional<String> first =
        letter.headers().containsKey(DeadLetterHeaders.REPLAYED_STAMP)
            ? Optional.empty()
            : stampOfOriginal(letter);
    return first
        .map(stamp -> message.header(DeadLetterHeaders.REPLAYED_STAMP, stamp))
        .orElse(message);
  }

  /** The dead letter as it goes back to the end of the dead letters. */
  Message toTheEnd(Received letter) {
    return Message.copyOf(letter, topic).header(DeadLetterHeaders.REPLAY_RUN, run);
  }

  /** A count that cannot be read is none; this replay writes a better one. */
  private static int replays(Received letter) {
    try {
      String count = letter.headers().getOrDefault(DeadLetterHeaders.REPLAYS, "0");
      return Math.max(0, Integer.parseInt(count));
    } catch (NumberFormatException garbled) {
      return 0;
    }
  }

  private static Optional<String> stampOfOriginal(Received letter) {
    Map<String, String> headers = letter.headers();
    String source = headers.get(DeadLetterHeaders.SOURCE);
    String epoch = headers.get(DeadLetterHeaders.EPOCH);
    String number = headers.get(DeadLetterHeaders.NUMBER);
    if (source == null || epoch == null) {
      return Optional.empty();
    }
    try {
      KeyNumber of = number == null ? null : new KeyNumber(Long.parseLong(number), 0, false);
      Stamp stamp = new Stamp(letter.id(), source, Long.parseLong(epoch, 16), of);
      return Optional.of(StampCodec.write(stamp));
    } catch (IllegalArgumentException garbled) { // somebody else wrote these headers
      return Optional.empty();
    }
  }
}
