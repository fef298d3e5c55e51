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

  private StampCodec() {}

  /** The header's value for this stamp. */
  public static String write(Stamp stamp) {
    StringBuilder text = new StringBuilder(112).append(VERSION);
    text.append(";i=").append(escaped(stamp.id()));
    text.append(";s=").append(escaped(stamp.source()));
    text.append(";e=").append(Long.toHexString(stamp.epoch()));
    KeyNumber number = stamp.number();
    if (number != null) {
      text.append(";k=").append(number.sequence());
      if (number.voided() > 0 && number.lastVoided() == number.sequence() - 1) {
        text.append(";v=").append(number.voided());
      } else if (number.voided() > 0) {
        text.append(";w=").append(number.firstVoided()).append('-').append(number.lastVoided());
      }
      if (number.first()) {
        text.append(";f");
      }
    }
    return text.toString();
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
      boolean plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!plain && c != '-' && c != '.' && c != '_') {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
      }
    }
    return text;
  }

  private static String plain(String text) {
    return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }
}
