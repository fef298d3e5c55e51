// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection with its socket, which is the only way to end it while a thread is stuck writing: to
 * close it, the client waits for that thread. Thread-safe.
 *
 * @param connection the client's
 * @param socket what it writes to and reads from, or null if it is not known
 * @param host the address that answered, as {@code host:port}
 */
record OpenConnection(Connection connection, @Nullable Socket socket, String host) {
  private static final Logger log = LoggerFactory.getLogger(OpenConnection.class);

  /** Ends it at once, telling the broker nothing: what is under way on it may be stored or not. */
  void cut() {
    Socket end = socket;
    if (end == null) {
      return;
    }
    try {
      // Else closing a TLS socket waits for the thread that writes.
      end.setSoLinger(true, 0);
      end.close();
    } catch (IOException e) {
      log.debug("Cutting the connection to {} failed", host, e);
    }
  }
}
