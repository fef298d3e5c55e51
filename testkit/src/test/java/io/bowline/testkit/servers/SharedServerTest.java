// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedServerTest {

  private static final String PROPERTY = "bowline.test.address";

  private final AtomicInteger started = new AtomicInteger();

  @AfterEach
  void forgetAddress() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void aGivenAddressWins() {
    System.setProperty(PROPERTY, "test://far:1");
    BrokerServer server = shared(Optional.of(new GivenServer("test://container:1"))).get();
    assertEquals("test://far:1", server.address());
    assertFalse(server.breakable());
    assertThrows(UnsupportedOperationException.class, server::kill);
  }

  @Test
  void aContainerWinsOverAProcess() {
    BrokerServer server = shared(Optional.of(new GivenServer("test://container:1"))).get();
    assertEquals("test://container:1", server.address());
    assertEquals(0, started.get());
  }

  @Test
  void aProcessIsStartedOnce() {
    SharedServer shared = shared(Optional.empty());
    assertSame(shared.get(), shared.get());
    assertEquals(1, started.get());
  }

  @Test
  void anAddressOfAnotherKindIsRefused() {
    System.setProperty(PROPERTY, "kafka://far:1");
    SharedServer shared = shared(Optional.empty());
    assertThrows(IllegalArgumentException.class, shared::get);
  }

  private SharedServer shared(Optional<BrokerServer> container) {
    return new SharedServer(
        "test",
        () -> container,
        () -> new GivenServer("test://local:" + started.incrementAndGet()));
  }
}
