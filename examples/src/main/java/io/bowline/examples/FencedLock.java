// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.jdbc.JdbcSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Stops the holder of a lock past its lease (SIGSTOP), lets a second process take the lock and
 * write, and lets the first go on (SIGCONT): its late write is refused, since its token is smaller.
 * Argument: {@code [jdbc:postgresql://…]}; without one it makes an H2 of its own. The exit status
 * is 0 only if the first one was refused, and what the second wrote stays.
 */
public final class FencedLock {
  private final PrintStream out = System.out;
  private final BeanDatabase home;
  private final String url;

  private FencedLock(BeanDatabase home) {
    this.home = home;
    boolean embedded = home.url().startsWith("jdbc:h2:file:");
    // Whoever opens it first serves the other processes.
    url = embedded ? home.url() + ";AUTO_SERVER=TRUE" : home.url();
  }

  /** Plays it. */
  public static void main(String[] args) throws Exception {
    System.exit(play(args.length > 0 ? args[0] : null) ? 0 : 1);
  }

  /** Whether the one that stood still was refused, and nothing of it stayed. */
  static boolean play(@Nullable String url) throws Exception {
    try (BeanDatabase home = BeanDatabase.at(url)) {
      return new FencedLock(home).play();
    }
  }

  private boolean play() throws Exception {
    out.printf("Locks and their fence are in %s%n", home.name());
    try (HikariDataSource database = BeanDatabase.pool(url, 2);
        Connection open = database.getConnection()) {
      JdbcSchema.of(database).create();
      prepare(open);
      boolean refused = theFirstIsRefused();
      String settler = settler(open);
      out.printf("RESULT refused=%b settled by %s%n", refused, settler);
      return refused && settler.equals("second 1");
    }
  }

  private static void prepare(Connection open) throws SQLException {
    try (Statement statement = open.createStatement()) {
      statement.execute("drop table if exists settled");
      statement.execute(
          "create table settled (who varchar(64) primary key, settler varchar(64), times integer)");
      statement.execute("insert into settled values ('user-7', 'nobody', 0)");
    }
  }

  private static String settler(Connection open) throws SQLException {
    try (Statement statement = open.createStatement();
        ResultSet row = statement.executeQuery("select settler, times from settled")) {
      return row.next() ? row.getString(1) + " " + row.getInt(2) : "nobody";
    }
  }

  private boolean theFirstIsRefused() throws Exception {
    try (Holder first = new Holder("first")) {
      long token = first.hear(LockHolder.HOLDS);
      out.printf("first holds the lock with token %d, and is stopped%n", token);
      first.signal("STOP");
      try (Holder second = new Holder("second")) {
        long later = second.hear(LockHolder.HOLDS);
        out.printf("second holds the lock with token %d, since the lease ran out%n", later);
        second.write();
        out.printf("second wrote with token %d%n", second.hear(LockHolder.WROTE));
      }
      first.signal("CONT");
      first.write();
      String said = first.line();
      out.println("first goes on, believes to hold the lock, and writes: " + said);
      return said.startsWith(LockHolder.REFUSED);
    }
  }

  /** A process that holds the lock, until it is closed. */
  private final class Holder implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;

    Holder(String name) throws IOException {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      ProcessBuilder builder =
          new ProcessBuilder(
              java,
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              LockHolder.class.getName(),
              url,
              name);
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      said = process.inputReader(UTF_8);
    }

    /** What it says next of the story; what it logs is passed over. */
    String line() throws IOException {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.matches("(HOLDS|WROTE|REFUSED) .*")) {
          return line;
        }
      }
      throw new IOException("The holder ended before its story did");
    }

    long hear(String word) throws IOException {
      String line = line();
      if (!line.startsWith(word)) {
        throw new IOException("Instead of " + word + "the holder said " + line);
      }
      return Long.parseLong(line.substring(word.length()));
    }

    void write() throws IOException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }

    void signal(String name) throws IOException, InterruptedException {
      String[] send = {"/bin/sh", "-c", "kill -" + name + " \"$1\"", "signal", "" + process.pid()};
      if (new ProcessBuilder(send).start().waitFor() != 0) {
        throw new IOException("SIG" + name + " did not reach the holder");
      }
    }

    @Override
    public void close() {
      process.toHandle().destroyForcibly();
      process.onExit().join();
    }
  }
}
