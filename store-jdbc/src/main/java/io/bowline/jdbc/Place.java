// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Where a connection leads, for people: without user, password or settings. */
final class Place {
  private Place() {}

  static String of(Connection connection) {
    try {
      String url = connection.getMetaData().getURL();
      return url == null ? "a database" : bare(url);
    } catch (SQLException notTold) {
      return "a database";
    }
  }

  /** What stands before settings, and no user. */
  static String bare(String url) {
    return url.replaceFirst("[?;&].*", "").replaceFirst("//[^/]*@", "//");
  }
}
