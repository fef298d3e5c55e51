// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A password that does not stand in an address.
 *
 * @param text the secret
 * @param demanded whether it was asked for by an argument, so that it must be of use
 */
record Password(String text, boolean demanded) {

  /**
   * From a file, or else from a variable.
   *
   * @throws IllegalArgumentException if the file cannot be read, or has no password
   */
  static Optional<Password> of(@Nullable Path file, @Nullable String variable) {
    if (file != null) {
      return Optional.of(new Password(inFile(file), true));
    }
    return Optional.ofNullable(variable)
        .filter(text -> !text.isEmpty())
        .map(text -> new Password(text, false));
  }

  private static String inFile(Path file) {
    try {
      String text = Files.readString(file).replaceFirst("\\R\\z", "");
      if (text.isEmpty()) {
        throw new IllegalArgumentException("There is no password in file " + file);
      }
      return text;
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "The password cannot be read from file " + file + ": " + unreadable, unreadable);
    }
  }

  /**
   * The address with this password behind its user. One that stands there stays, and an address
   * without user stays as it is, unless the password was demanded.
   *
   * @param userless whether a password may stand without user, as with Redis
   * @throws IllegalArgumentException if the password was demanded, and there is no use for it
   */
  String in(String address, boolean userless) {
    int start = address.indexOf("://") + 3;
    int end = start;
    while (end < address.length() && "/?".indexOf(address.charAt(end)) < 0) {
      end++;
    }
    String authority = address.substring(start, end);
    int at = authority.lastIndexOf('@');
    String user = at < 0 ? "" : authority.substring(0, at);
    if (user.contains(":")) {
      return unused(address, "the address has one already");
    }
    if (user.isEmpty() && !userless) {
      return unused(address, "the address names no user: write it like scheme://user@host");
    }
    return address.substring(0, start)
        + user
        + ":"
        + URLEncoder.encode(text, UTF_8).replace("+", "%20")
        + "@"
        + authority.substring(at + 1)
        + address.substring(end);
  }

  private String unused(String address, String why) {
    if (demanded) {
      throw new IllegalArgumentException("A password was given, but " + why);
    }
    return address;
  }

  @Override
  public String toString() {
    return "Password[***]";
  }
}
