// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.message.Stamp.KeyNumber;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Map;
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
    String[] fields = value.split(";", -1);
    if (!fields[0].equals(VERSION)) {
      return Optional.empty();
    }
    Map<String, String> found = new HashMap<>();
    for (int i = 1; i < fields.length; i++) {
      int equals = fields[i].indexOf('=');
      String name = equals < 0 ? fields[i] : fields[i].substring(0, equals);
      found.put(name, equals < 0 ? "" : fields[i].substring(equals + 1));
    }
    return stamp(found);
  }

  private static Optional<Stamp> stamp(Map<String, String> fields) {
    String id = fields.get("i");
    String source = fields.get("s");
    String epoch = fields.get("e");
    if (id == null || source == null || epoch == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Stamp(plain(id), plain(source), Long.parseLong(epoch, 16), number(fields)));
    } catch (IllegalArgumentException garbled) {
      return Optional.empty();
    }
  }

  private static @Nullable KeyNumber number(Map<String, String> fields) {
    String sequence = fields.get("k");
    if (sequence == null) {
      return null;
    }
    boolean first = fields.containsKey("f");
    String range = fields.get("w");
    if (range != null) {
      int dash = range.indexOf('-', 1);
      long from = Long.parseLong(range.substring(0, Math.max(0, dash)));
      long to = Long.parseLong(range.substring(dash + 1));
      return new KeyNumber(Long.parseLong(sequence), to - from + 1, to, first);
    }
    long voided = Long.parseLong(fields.getOrDefault("v", "0"));
    return new KeyNumber(Long.parseLong(sequence), voided, first);
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
