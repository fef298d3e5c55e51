// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Stamp.KeyNumber;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a text lie: each is begin and end in one number, or 0 for a field that is not
 * there. Of a field that stands twice the last counts. Nothing is cut out that is not kept, since
 * each message that arrives is read.
 */
final class StampFields {
  /** So many digits surely fit into a long. */
  private static final int SHORT_NUMBER = 18;

  private final String text;
  private long id;
  private long source;
  private long epoch;
  private long sequence;
  private long voided;
  private long range;
  private long lane;
  private long chain;
  private long open;
  private long voids;
  private long opens;
  private long previous;
  private long digest;
  private long written;
  private long within;
  private boolean first;
  private boolean last;

  private StampFields(String text) {
    this.text = text;
  }

  /** The fields of this text from here on. */
  static StampFields of(String text, int start) {
    StampFields fields = new StampFields(text);
    int from = start;
    for (int to = text.indexOf(';', from); to >= 0; to = text.indexOf(';', from)) {
      fields.take(from, to);
      from = to + 1;
    }
    fields.take(from, text.length());
    return fields;
  }

  /** A field without a value is as one with an empty one; all known names are one letter. */
  private void take(int from, int to) {
    int equals = from + 1;
    if (equals > to || (equals < to && text.charAt(equals) != '=')) {
      return;
    }
    long place = (long) Math.min(equals + 1, to) << 32 | to;
    switch (text.charAt(from)) {
      case 'i' -> id = place;
      case 's' -> source = place;
      case 'e' -> epoch = place;
      case 'k' -> sequence = place;
      case 'v' -> voided = place;
      case 'w' -> range = place;
      case 'l' -> lane = place;
      case 'n' -> chain = place;
      case 'u' -> open = place;
      case 'x' -> voids = place;
      case 'o' -> opens = place;
      case 'p' -> previous = place;
      case 'd' -> digest = place;
      case 'a' -> written = place;
      case 't' -> within = place;
      case 'f' -> first = true;
      case 'c' -> last = true;
      default -> {} // of a later version
    }
  }

  /**
   * @throws IllegalArgumentException if a value is none for its field
   */
  Optional<Stamp> stamp() {
    if (id == 0 || source == 0 || epoch == 0) {
      return Optional.empty();
    }
    long began = epoch();
    long told = digest == 0 ? Stamp.NO_DIGEST : number(begin(digest), end(digest));
    return Optional.of(
        new Stamp(plain(cut(id)), plain(cut(source)), began, number(), laneNumber(), told));
  }

  /**
   * @throws IllegalArgumentException if a value is none for its field
   */
  Optional<Watermark> watermark() {
    LaneNumber number = laneNumber();
    if (source == 0 || epoch == 0 || within == 0 || number == null) {
      return Optional.empty();
    }
    long millis = number(begin(within), end(within));
    String name = plain(cut(source));
    return Optional.of(new Watermark(name, epoch(), number, orZero(written), millis, last));
  }

  private long epoch() {
    return Long.parseLong(text, begin(epoch), end(epoch), 16);
  }

  /** Both the lane and the number in it, or neither. */
  private @Nullable LaneNumber laneNumber() {
    if (lane == 0 || chain == 0) {
      return null;
    }
    long of = number(begin(lane), end(lane));
    if (of > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("no lane");
    }
    long number = number(begin(chain), end(chain));
    long before =
        previous == 0
            ? LaneNumber.NOT_KNOWN
            : Long.parseLong(text, begin(previous), end(previous), 16);
    return new LaneNumber((int) of, number, orZero(open), ranges(), orZero(opens), before);
  }

  private long orZero(long place) {
    return place == 0 ? 0 : number(begin(place), end(place));
  }

  private List<Range> ranges() {
    if (voids == 0) {
      return List.of();
    }
    List<Range> ranges = new ArrayList<>(2);
    int from = begin(voids);
    while (from <= end(voids) && ranges.size() <= LaneNumber.MAX_VOIDED) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 || comma > end(voids) ? end(voids) : comma;
      int dash = dash(from, to);
      ranges.add(new Range(number(from, dash), number(dash + 1, to)));
      from = to + 1;
    }
    return ranges;
  }

  private @Nullable KeyNumber number() {
    if (sequence == 0) {
      return null;
    }
    long number = number(begin(sequence), end(sequence));
    if (range == 0) {
      long told = voided == 0 ? 0 : number(begin(voided), end(voided));
      return new KeyNumber(number, told, first);
    }
    int dash = dash(begin(range), end(range));
    long from = number(begin(range), dash);
    long to = number(dash + 1, end(range));
    return new KeyNumber(number, to - from + 1, to, first);
  }

  private int dash(int from, int to) {
    int dash = text.indexOf('-', from + 1);
    if (dash < 0 || dash >= to) {
      throw new IllegalArgumentException("no range");
    }
    return dash;
  }

  /** By hand where it is digits alone: there are four numbers in each stamp that is read. */
  private long number(int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || to - from > SHORT_NUMBER) {
        return Long.parseLong(text, from, to, 10);
      }
      number = number * 10 + digit;
    }
    if (from == to) {
      throw new IllegalArgumentException("no number");
    }
    return number;
  }

  private String cut(long place) {
    return text.substring(begin(place), end(place));
  }

  private static int begin(long place) {
    return (int) (place >>> 32);
  }

  private static int end(long place) {
    return (int) place;
  }

  private static String plain(String text) {
    return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }
}
