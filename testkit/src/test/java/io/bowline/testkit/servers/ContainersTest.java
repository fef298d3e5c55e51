// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ContainersTest {

  /** The bound of connecting and of answering, and some patience. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  @Test
  void anEngineThatIsNotThereIsNoticedAtOnce() {
    assertFalse(answersInTime(URI.create("unix:///nowhere/docker.sock")));
  }

  @Test
  void anEngineThatNeverAnswersIsNoticedAtOnce() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertFalse(answersInTime(URI.create("tcp://127.0.0.1:" + silent.getLocalPort())));
    }
  }

  @Test
  void aPortThatNobodyListensOnIsNoEngine() {
    int port = FreePorts.take(1).get(0);

    assertFalse(answersInTime(URI.create("tcp://127.0.0.1:" + port)));
  }

  private static boolean answersInTime(URI engine) {
    return assertTimeoutPreemptively(AT_ONCE, () -> ContainersEngine.answers(engine));
  }
}
