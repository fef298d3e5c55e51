// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {
  private static final Duration SOON = ofSeconds(20);

  private final EchoServer server = new EchoServer();
  private final FaultProxy proxy =
      FaultProxy.on(FreePorts.take(1).get(0), "127.0.0.1", server.port());

  @AfterEach
  void close() {
    proxy.close();
    server.close();
  }

  private Socket client() throws IOException {
    return client(20_000);
  }

  private Socket client(int readMillis) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(readMillis);
    return socket;
  }

  private static void say(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static String hear(Socket client, int bytes) throws IOException {
    return new String(client.getInputStream().readNBytes(bytes), US_ASCII);
  }

  private static void echoes(Socket client, String text) throws IOException {
    say(client, text);
    assertEquals(text, hear(client, text.length()));
  }

  private static void assertReset(Socket client) {
    assertThrows(SocketException.class, () -> client.getInputStream().read(), "no reset");
  }

  @Test
  void whatIsSaidIsHeardAndCounted() throws IOException {
    try (Socket client = client()) {
      echoes(client, "hello");
    }
    proxy.awaitOpenAtMost(0, SOON);
    assertEquals(1, proxy.connections());
    assertEquals(5, proxy.toServer());
    assertEquals(5, proxy.toClients());
    assertEquals(0, proxy.dropped());
  }

  @Test
  void aMebibyteArrivesWhole() throws IOException {
    byte[] much = new byte[1 << 20];
    new Random(7).nextBytes(much);
    try (Socket client = client()) {
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> assertDoesNotFail(() -> client.getOutputStream().write(much)));
      assertArrayEquals(much, client.getInputStream().readNBytes(much.length));
      writing.join();
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void assertDoesNotFail(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anOrderlyEndIsPassedOn() throws Exception {
    try (Socket client = client()) {
      say(client, "bye");
      client.shutdownOutput();
      assertEquals("bye", hear(client, 10));
      assertEquals("end", server.endings.poll(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aCutResetsBothSidesAndTheNextConnectionWorks() throws Exception {
    try (Socket client = client();
        Socket next = client()) {
      echoes(client, "a");
      echoes(next, "b");
      assertEquals(2, proxy.cutAll());
      assertReset(client);
      assertReset(next);
      assertEquals("reset", server.endings.poll(20, TimeUnit.SECONDS));
      assertEquals("reset", server.endings.poll(20, TimeUnit.SECONDS));
    }
    proxy.awaitOpenAtMost(0, SOON);
    try (Socket client = client()) {
      echoes(client, "again");
    }
  }

  @Test
  void anAnswerIsSwallowedAndTheCutComesAfterTheRequest() throws Exception {
    try (Socket client = client()) {
      echoes(client, "a");
      proxy.dropAnswers();
      say(client, "request");
      proxy.awaitDropped(7, SOON);
      assertEquals(1, proxy.cutAfterRequests());
      assertReset(client);
      assertEquals("end", server.endings.poll(20, TimeUnit.SECONDS));
    }
    assertEquals("arequest", new String(server.received(), US_ASCII));
    assertEquals(1, proxy.toClients());
    try (Socket client = client()) {
      say(client, "b");
      assertEquals("b", hear(client, 1), "a cut ends the swallowing");
    }
  }

  @Test
  void theCutWaitsUntilTheRequestWentThrough() throws Exception {
    try (Socket client = client()) {
      echoes(client, "a");
      CompletableFuture<Long> written = CompletableFuture.supplyAsync(() -> untilReset(client));
      proxy.dropAnswersThenCut(1_000, SOON);
      assertTrue(proxy.toServer() >= 1_001, "cut after " + proxy.toServer() + " bytes");
      assertTrue(written.get(20, TimeUnit.SECONDS) >= 1_000);
      assertEquals("end", server.endings.poll(20, TimeUnit.SECONDS));
    }
    assertTrue(server.received().length >= 1_001, "the server got what was forwarded");
  }

  /** Writes until the connection is reset, and returns how many bytes that were. */
  private static long untilReset(Socket client) {
    byte[] part = new byte[100];
    for (long bytes = 0; ; bytes += part.length) {
      try {
        client.getOutputStream().write(part);
      } catch (IOException reset) {
        return bytes;
      }
    }
  }

  @Test
  void aCutThatWaitsInVainSaysWhatItSaw() throws IOException {
    try (Socket client = client()) {
      echoes(client, "a");
      AssertionError failure =
          assertThrows(AssertionError.class, () -> proxy.dropAnswersThenCut(1_000, ofMillis(50)));
      assertTrue(String.valueOf(failure.getMessage()).contains("1001 bytes"), failure.toString());
      assertReset(client);
    }
  }

  @Test
  void whileFrozenNothingPassesAndNobodyIsTold() throws IOException {
    try (Socket client = client(300)) {
      echoes(client, "a");
      proxy.freeze();
      say(client, "held");
      assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
      try (Socket late = client(300)) {
        say(late, "b");
        assertThrows(SocketTimeoutException.class, () -> late.getInputStream().read());
        assertEquals(1, server.received().length);
        proxy.thaw();
        late.setSoTimeout(20_000);
        assertEquals("b", hear(late, 1));
      }
      client.setSoTimeout(20_000);
      assertEquals("held", hear(client, 4));
    }
  }

  @Test
  void onlyPresentConnectionsAreHalfOpen() throws IOException {
    try (Socket client = client(300)) {
      echoes(client, "a");
      proxy.freezePresent();
      say(client, "held");
      assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
      try (Socket next = client()) {
        echoes(next, "b");
      }
      assertEquals(2, server.received().length);
      proxy.cutAll();
      assertReset(client);
    }
  }

  @Test
  void newConnectionsAreRefusedAndOldOnesStay() throws IOException {
    try (Socket client = client()) {
      echoes(client, "a");
      proxy.refuseConnections();
      try (Socket refused = client()) {
        assertReset(refused);
      }
      echoes(client, "b");
      proxy.acceptConnections();
      try (Socket taken = client()) {
        echoes(taken, "c");
      }
    }
    assertEquals(2, proxy.connections());
  }

  @Test
  void latencyDelaysEachWay() throws IOException {
    proxy.latency(ofMillis(100));
    long start = System.nanoTime();
    try (Socket client = client()) {
      echoes(client, "a");
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertTrue(took >= 200, "there and back in " + took + " ms");
  }

  @Test
  void aServerThatIsNotThereIsAReset() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (Socket taken = new Socket()) { // nobody listens on its port, and nobody else gets it
      taken.bind(new InetSocketAddress(here, 0));
      int port = FreePorts.take(1).get(0);
      try (FaultProxy toNobody = FaultProxy.on(port, "127.0.0.1", taken.getLocalPort());
          Socket client = new Socket(here, port)) {
        client.setSoTimeout(20_000);
        assertReset(client);
        toNobody.awaitOpenAtMost(0, SOON);
      }
    }
  }

  @Test
  void closingEndsAllAlsoWhatIsFrozen() throws IOException {
    try (Socket client = client()) {
      echoes(client, "a");
      proxy.freeze();
      proxy.close();
      assertReset(client);
    }
    proxy.awaitOpenAtMost(0, SOON);
    assertRefused();
  }

  /** The system may take a connection yet until its thread that accepts has been woken. */
  private void assertRefused() {
    long end = System.nanoTime() + SOON.toNanos();
    while (takes()) {
      assertTrue(System.nanoTime() - end < 0, "it still listens");
    }
  }

  private boolean takes() {
    try (Socket taken = client()) {
      return taken.isConnected();
    } catch (IOException refusal) {
      return false;
    }
  }
}
