// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Finds out at once whether a Docker engine answers: Testcontainers takes long to say no. */
final class ContainersEngine {

  private static final Path USUAL_SOCKET = Path.of("/var/run/docker.sock");

  /** For the connection and for the answer, each. */
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(400);

  private static final String PING = "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n";

  private ContainersEngine() {}

  /** Whether the engine named by DOCKER_HOST, or the one at the usual socket, answers a ping. */
  static boolean answers() {
    String named = System.getenv("DOCKER_HOST");
    URI engine =
        named == null || named.isBlank() ? URI.create("unix://" + USUAL_SOCKET) : URI.create(named);
    return answers(engine);
  }

  static boolean answers(URI engine) {
    Optional<SocketAddress> address = addressOf(engine);
    if (address.isEmpty()) {
      return false;
    }
    try (SocketChannel channel = open(address.get());
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
      if (!channel.connect(address.get())) {
        selector.select(ANSWER_WITHIN.toMillis());
        if (!channel.finishConnect()) {
          return false;
        }
      }
      channel.write(ByteBuffer.wrap(PING.getBytes(StandardCharsets.US_ASCII)));
      key.interestOps(SelectionKey.OP_READ);
      selector.selectedKeys().clear();
      selector.select(ANSWER_WITHIN.toMillis());
      ByteBuffer answer = ByteBuffer.allocate(64);
      channel.read(answer);
      // Engines reached over TLS answer a plain ping by 400: they are there all the same.
      return new String(answer.array(), StandardCharsets.US_ASCII).startsWith("HTTP/1.");
    } catch (IOException nobodyThere) {
      return false;
    }
  }

  private static Optional<SocketAddress> addressOf(URI engine) {
    if ("unix".equals(engine.getScheme())) {
      Path socket = Path.of(engine.getPath());
      return Files.exists(socket)
          ? Optional.of(UnixDomainSocketAddress.of(socket))
          : Optional.empty();
    }
    return engine.getHost() == null || engine.getPort() < 0
        ? Optional.empty()
        : Optional.of(new InetSocketAddress(engine.getHost(), engine.getPort()));
  }

  private static SocketChannel open(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }
}
