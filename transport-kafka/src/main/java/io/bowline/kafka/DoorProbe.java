// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why a port that is open does not answer: whether it speaks TLS while the clients do
 * not, or the other way round, or asks for a login. Kafka's clients only see closed connections
 * then, and try until their time is over. Sends no secret.
 */
final class DoorProbe {
  private static final Logger LOG = LoggerFactory.getLogger(DoorProbe.class);
  private static final int PATIENCE_MILLIS = 3_000;
  private static final int TLS_ALERT = 0x15;
  private static final int TLS_HANDSHAKE = 0x16;
  private static final short SASL_HANDSHAKE = 17;
  private static final short UNSUPPORTED_MECHANISM = 33;

  private final InetSocketAddress door;

  private DoorProbe(InetSocketAddress door) {
    this.door = door;
  }

  /**
   * What is wrong with this {@code security.protocol} at a door; empty if nothing was found out.
   *
   * @param host with its port
   */
  static Optional<String> mismatch(String host, String protocol) {
    int colon = host.lastIndexOf(':');
    String name = host.substring(0, colon).replace("[", "").replace("]", "");
    int port = Integer.parseInt(host.substring(colon + 1));
    DoorProbe probe = new DoorProbe(new InetSocketAddress(name, port));
    try {
      return probe.mismatch(protocol).map(why -> host + " " + why);
    } catch (IOException | GeneralSecurityException e) {
      LOG.debug("Nothing was found out about {}", host, e);
      return Optional.empty();
    }
  }

  private Optional<String> mismatch(String protocol) throws IOException, GeneralSecurityException {
    boolean tls = protocol.endsWith("SSL");
    if (tls != speaksTls()) {
      return Optional.of(
          tls
              ? "does not speak TLS: set security.protocol to PLAINTEXT or SASL_PLAINTEXT, or use"
                  + " the broker's port for TLS"
              : "speaks TLS: set security.protocol to SSL or SASL_SSL");
    }
    if (protocol.equals("PLAINTEXT") && asksForLogin()) {
      return Optional.of(
          "asks for a login: set security.protocol to SASL_PLAINTEXT, sasl.mechanism and"
              + " sasl.jaas.config");
    }
    return Optional.empty();
  }

  private Socket connected() throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(door, PATIENCE_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Says hello as a TLS client does; who speaks it answers with a handshake or an alert. */
  private boolean speaksTls() throws IOException, GeneralSecurityException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    try (Socket socket = connected()) {
      socket.getOutputStream().write(hello.array(), 0, hello.position());
      int first = readOrEnd(socket);
      return first == TLS_ALERT || first == TLS_HANDSHAKE;
    }
  }

  /** The first byte; -1 if the other side ends, in order or not, before it sends any. */
  private static int readOrEnd(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException reset) {
      return -1;
    }
  }

  /** Asks for a mechanism that does not exist; a broker without login says that it takes none. */
  private boolean asksForLogin() throws IOException {
    byte[] client = "bowline".getBytes(UTF_8);
    try (Socket socket = connected()) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      ByteBuffer request = ByteBuffer.allocate(4 + 2 + 2 + 4 + 2 + client.length + 2 + 1);
      request.putInt(request.capacity() - 4);
      request.putShort(SASL_HANDSHAKE).putShort((short) 1).putInt(1);
      request.putShort((short) client.length).put(client);
      request.putShort((short) 1).put((byte) '?');
      out.write(request.array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int size = in.readInt();
      int correlation = in.readInt();
      return size >= 6 && correlation == 1 && in.readShort() == UNSUPPORTED_MECHANISM;
    }
  }
}
