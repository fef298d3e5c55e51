// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

/** One connection to a server, which asks the least that its protocol answers. */
final class Wire implements AutoCloseable {

  /** Length, ApiVersions (18) version 0, correlation 0, no client name. */
  static final byte[] KAFKA_QUESTION = HexFormat.of().parseHex("0000000a0012000000000000ffff");

  /** HTTP/2's preface and an empty SETTINGS frame. */
  static final byte[] GRPC_QUESTION =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final byte[] question;

  Wire(String address, byte[] question) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(address).getPort());
    this.question = question;
  }

  void ask() throws IOException {
    socket.getOutputStream().write(question);
  }

  /** Whether an answer, or some more of it, comes within this time. */
  boolean answers(Duration within) throws IOException {
    socket.setSoTimeout((int) within.toMillis());
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException silent) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
