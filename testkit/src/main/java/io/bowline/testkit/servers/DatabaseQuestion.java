// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The least that a database answers once it serves clients, asked without its driver. */
enum DatabaseQuestion {
  /** Length, version 3.0, user and database postgres; R begins the answer to who may come in. */
  POSTGRES("\0\0\0\51\0\3\0\0user\0postgres\0database\0postgres\0\0", 0, 'R'),
  /** It greets by itself; its first packet has a header of four bytes, and begins with a 10. */
  MARIADB("", 4, '\n'),
  /** While it reads its data it answers with an error. */
  REDIS("PING\r\n", 0, '+'),
  /** It tells its version; before it serves it says "This ZooKeeper instance is not …". */
  ZOOKEEPER("srvr", 0, 'Z');

  private static final int ANSWER_MILLIS = 1_000;

  private final String question;
  private final int skipped;
  private final char answer;

  DatabaseQuestion(String question, int skipped, char answer) {
    this.question = question;
    this.skipped = skipped;
    this.answer = answer;
  }

  /** Whether a server is there and says that it serves, within a second. */
  boolean answered(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.connect(new InetSocketAddress(host, port), ANSWER_MILLIS);
      socket.getOutputStream().write(question.getBytes(ISO_8859_1));
      byte[] said = socket.getInputStream().readNBytes(skipped + 1);
      return said.length > skipped && said[skipped] == answer;
    } catch (IOException notYet) {
      return false;
    }
  }
}
