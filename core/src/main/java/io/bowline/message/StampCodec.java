// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Stamp.KeyNumber;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stamp as the text of one header, described for other languages in {@code
 * docs/wire-format.md}.
 *
 * <pre>1;i=018f2b7c-…;s=trade-service;e=19aa3c5e8d01f2;k=17;v=2;f</pre>
 *
 * The leading number is the version; a reader refuses versions it does not know and skips fields it
 * does not know.
 */
public final class StampCodec {
  /** The header's name, the same on every broker. */
  public static final String HEADER = "bowline-stamp";

  private static final String VERSION = "1";
  private static final String START = VERSION + ";i=";

  /** The characters that are written as they are. */
  private static final boolean[] PLAIN = new boolean[128];

  static {
    String plain = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._";
    plain.chars().forEach(c -> PLAIN[c] = true);
  }

  private StampCodec() {}

  /** The header's value for this stamp. */
  public static String write(Stamp stamp) {
    return writer(stamp.source(), stamp.epoch()).write(stamp.id(), stamp.number());
  }

  /** For many stamps of one producer. */
  public static Writer writer(String source, long epoch) {
    return new Writer(new Stamp("any", source, epoch, null));
  }

  /** Writes the stamps of one producer. Immutable and thread-safe. */
  public static final class Writer {
    private final String producer;

    private Writer(Stamp any) {
      producer = ";s=" + escaped(any.source()) + ";e=" + Long.toHexString(any.epoch());
    }

    /**
     * The header's value of one message: {@link StampCodec#write} without its intermediate steps.
     *
     * @param number the message's number, or null if it has no key
     */
    public String write(String id, @Nullable KeyNumber number) {
      if (number == null) {
        return START + escaped(id) + producer;
      }
      if (number.voided() == 0 && !number.first()) {
        return START + escaped(id) + producer + ";k=" + number.sequence();
      }
      return START + escaped(id) + producer + ";k=" + number.sequence() + rare(number);
    }

    private static String rare(KeyNumber number) {
      String voided = "";
      if (number.voided() > 0 && number.lastVoided() == number.sequence() - 1) {
        voided = ";v=" + number.voided();
      } else if (number.voided() > 0) {
        voided = ";w=" + number.firstVoided() + '-' + number.lastVoided();
      }
      return number.first() ? voided + ";f" : voided;
    }
  }

  /** The stamp in a header's value; empty if the value is not a stamp this version can read. */
  public static Optional<Stamp> read(String value) {
    if (!value.startsWith(VERSION + ";")) {
      return Optional.empty();
    }
    Fields fields = new Fields(value);
    int from = VERSION.length() + 1;
    for (int to = value.indexOf(';', from); to >= 0; to = value.indexOf(';', from)) {
      fields.take(from, to);
      from = to + 1;
    }
    fields.take(from, value.length());
    try {
      return fields.stamp();
    } catch (IllegalArgumentException garbled) {
      return Optional.empty();
    }
  }

  /**
   * Where the values of a text lie: each is begin and end in one number, or 0 for a field that is
   * not there. Of a field that stands twice the last counts. Nothing is cut out that is not kept,
   * since each message that arrives is read.
   */
  private static final class Fields {
    private final String text;
    private long id;
    private long source;
    private long epoch;
    private long sequence;
    private long voided;
    private long range;
    private boolean first;

    Fields(String text) {
      this.text = text;
    }

    /** A field without a value is as one with an empty one; all known names are one letter. */
    void take(int from, int to) {
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
        case 'f' -> first = true;
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
      long began = Long.parseLong(text, begin(epoch), end(epoch), 16);
      return Optional.of(new Stamp(plain(cut(id)), plain(cut(source)), began, number()));
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
      int dash = text.indexOf('-', begin(range) + 1);
      if (dash < 0 || dash >= end(range)) {
        throw new IllegalArgumentException("no range");
      }
      long from = number(begin(range), dash);
      long to = number(dash + 1, end(range));
      return new KeyNumber(number, to - from + 1, to, first);
    }

    private long number(int from, int to) {
      return Long.parseLong(text, from, to, 10);
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
  }

  private static String escaped(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= PLAIN.length || !PLAIN[c]) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
      }
    }
    return text;
  }

  private static String plain(String text) {
    return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }
}
