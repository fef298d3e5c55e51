// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.LaneNumber.Range;
import io.bowline.message.Stamp.KeyNumber;
import java.net.URLEncoder;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stamp as the text of one header, described for other languages in {@code
 * docs/wire-format.md}.
 *
 * <pre>1;i=018f2b7c-…;s=trade-service;e=19aa3c5e8d01f2;k=17;l=3;n=40961;d=3632233996</pre>
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
    return writer(stamp.source(), stamp.epoch())
        .write(stamp.id(), stamp.number(), stamp.lane(), stamp.digest());
  }

  static String watermark(Watermark mark) {
    return VERSION
        + new Writer(new Stamp("any", mark.source(), mark.epoch(), null)).producer
        + Writer.lane(mark.lane())
        + ";a="
        + mark.at()
        + ";t="
        + mark.withinMillis()
        + (mark.last() ? ";c" : "");
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
     * @param lane its number in the chain of its lane, or null if it has none
     * @param digest that of its body, or {@link Stamp#NO_DIGEST}
     */
    public String write(
        String id, @Nullable KeyNumber number, @Nullable LaneNumber lane, long digest) {
      if (number == null || lane == null || digest == Stamp.NO_DIGEST) {
        return START + escaped(id) + producer + key(number) + lane(lane) + digest(digest);
      }
      return START // the same in one step, since this is what is written with each keyed message
          + escaped(id)
          + producer
          + ";k="
          + number.sequence()
          + rare(number)
          + ";l="
          + lane.lane()
          + ";n="
          + lane.sequence()
          + rare(lane)
          + ";d="
          + digest;
    }

    private static String key(@Nullable KeyNumber number) {
      return number == null ? "" : ";k=" + number.sequence() + rare(number);
    }

    private static String lane(@Nullable LaneNumber lane) {
      return lane == null ? "" : ";l=" + lane.lane() + ";n=" + lane.sequence() + rare(lane);
    }

    private static String digest(long digest) {
      return digest == Stamp.NO_DIGEST ? "" : ";d=" + digest;
    }

    private static String rare(LaneNumber lane) {
      String open = lane.open() == 0 ? "" : ";u=" + lane.open();
      if (lane.opens() == 0 && lane.voided().isEmpty()) {
        return open;
      }
      StringBuilder text = new StringBuilder(open);
      String before = ";x=";
      for (Range range : lane.voided()) {
        text.append(before).append(range.from()).append('-').append(range.to());
        before = ",";
      }
      if (lane.opens() > 0) {
        text.append(";o=").append(lane.opens());
      }
      if (lane.previousEpoch() != LaneNumber.NOT_KNOWN) {
        text.append(";p=").append(Long.toHexString(lane.previousEpoch()));
      }
      return text.toString();
    }

    private static String rare(KeyNumber number) {
      if (number.voided() == 0) {
        return number.first() ? ";f" : "";
      }
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
    return fields(value, StampFields::stamp);
  }

  /** What its fields say; empty if this version cannot read it. */
  static <T> Optional<T> fields(String value, Function<StampFields, Optional<T>> sense) {
    if (!value.startsWith(VERSION + ";")) {
      return Optional.empty();
    }
    try {
      return sense.apply(StampFields.of(value, VERSION.length() + 1));
    } catch (IllegalArgumentException garbled) {
      return Optional.empty();
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
}
