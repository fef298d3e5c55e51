// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A broker's address: {@code
 * scheme://[user[:password]@]host[:port][,host[:port]…][/path][?name=value [&name=value…]]}.
 * Reserved characters inside a part are percent-encoded. Immutable; prints without the password and
 * without the query's values.
 */
public final class BrokerAddress {
  /** A name or an address, IPv6 in brackets, and perhaps a port. */
  private static final Pattern HOST =
      Pattern.compile("(?:\\[[^\\]]+\\]|[^:\\[\\]]+)(?::([0-9]{1,5}))?");

  private static final String ENCODE =
      "one of / ? # @ : % , in user or password is not percent-encoded";

  private final String scheme;
  private final List<String> hosts;
  private final @Nullable String user;
  private final @Nullable String password;
  private final Rest rest;

  private record Rest(String path, Map<String, String> query) {}

  private BrokerAddress(String scheme, String credentials, List<String> hosts, Rest rest) {
    this.scheme = scheme;
    this.hosts = List.copyOf(hosts);
    int colon = credentials.indexOf(':');
    this.user = credentials.isEmpty() ? null : plain(before(credentials, colon));
    this.password = colon < 0 ? null : plain(credentials.substring(colon + 1));
    this.rest = rest;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it has no scheme or no host, a port is none, or reserved
   *     characters are not percent-encoded; shows the form it should have, and nothing of the text
   */
  public static BrokerAddress parse(String text) {
    int schemeEnd = text.indexOf("://");
    if (schemeEnd < 1) {
      throw malformed("it has no scheme");
    }
    String scheme = text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    String afterScheme = text.substring(schemeEnd + 3);
    int question = afterScheme.indexOf('?');
    String place = before(afterScheme, question);
    String query = question < 0 ? "" : afterScheme.substring(question + 1);
    int slash = place.indexOf('/');
    String authority = before(place, slash);
    String path = slash < 0 ? "" : place.substring(slash + 1);
    if (path.indexOf('@') >= 0) {
      throw malformed(ENCODE);
    }
    int at = authority.lastIndexOf('@');
    List<String> hosts = hosts(authority.substring(at + 1));
    String credentials = at < 0 ? "" : authority.substring(0, at);
    return new BrokerAddress(scheme, credentials, hosts, new Rest(plain(path), queryOf(query)));
  }

  private static List<String> hosts(String list) {
    List<String> hosts = new ArrayList<>();
    for (String host : list.split(",", -1)) {
      hosts.add(checked(host.trim()));
    }
    return hosts;
  }

  private static String checked(String host) {
    Matcher parts = HOST.matcher(host);
    if (host.isEmpty() || host.startsWith(":")) {
      throw malformed("a host is missing");
    }
    if (!parts.matches()) {
      throw malformed(
          "what stands for a host and its port is none (an IPv6 address goes in brackets); or "
              + ENCODE);
    }
    String port = parts.group(1);
    if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535)) {
      throw malformed("a port is not from 1 to 65535");
    }
    return host;
  }

  private static Map<String, String> queryOf(String query) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (before(pair, equals).indexOf('@') >= 0) {
        throw malformed(ENCODE);
      }
      found.put(plain(before(pair, equals)), equals < 0 ? "" : plain(pair.substring(equals + 1)));
    }
    return Collections.unmodifiableMap(found);
  }

  /** The scheme in lower case: {@code kafka}. */
  public String scheme() {
    return scheme;
  }

  /** The hosts as {@code host:port}, each with this port where the address names none. */
  public List<String> hosts(int defaultPort) {
    return hosts.stream().map(host -> hasPort(host) ? host : host + ":" + defaultPort).toList();
  }

  /** The user, if the address names one. */
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  /** The password, if the address holds one. A secret. */
  public Optional<String> password() {
    return Optional.ofNullable(password);
  }

  /** What stands after the first slash, decoded; empty if nothing does. */
  public String path() {
    return rest.path;
  }

  /** The query's names and values, decoded. Values may be secrets. */
  public Map<String, String> query() {
    return rest.query;
  }

  /** The address for people: scheme, user, hosts and path, without password and query. */
  @Override
  public String toString() {
    String who = user == null ? "" : user + (password == null ? "@" : ":***@");
    String path = rest.path.isEmpty() ? "" : "/" + rest.path;
    return scheme + "://" + who + String.join(",", hosts) + path;
  }

  private static boolean hasPort(String host) {
    return host.lastIndexOf(':') > host.lastIndexOf(']');
  }

  private static String before(String text, int end) {
    return end < 0 ? text : text.substring(0, end);
  }

  private static String plain(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException showsTheText) {
      throw malformed("a % is not followed by two hexadecimal digits: % itself is written %25");
    }
  }

  /** The text itself is not shown, since it may hold a password. */
  private static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException(
        "Not a broker address, "
            + why
            + "; expected scheme://host:port, such as"
            + " kafka://localhost:9092, rabbitmq://user:password@localhost:5672/vhost or"
            + " rocketmq://localhost:8081");
  }
}
