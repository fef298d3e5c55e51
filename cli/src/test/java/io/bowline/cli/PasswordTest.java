// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.transport.BrokerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PasswordTest {
  private static final Password FROM_VARIABLE = new Password("a b/?#@:%+,ü", false);

  @Test
  void anyCharacterArrives() {
    String address = FROM_VARIABLE.in("rabbitmq://me@h1:5672,h2/vhost?heartbeat=5", false);
    BrokerAddress parsed = BrokerAddress.parse(address);
    assertEquals(Optional.of("a b/?#@:%+,ü"), parsed.password());
    assertEquals(Optional.of("me"), parsed.user());
    assertEquals("vhost", parsed.path());
    assertEquals("5", parsed.query().get("heartbeat"));
  }

  @Test
  void anAddressWithoutUserOrWithPasswordStaysAsItIs() {
    for (String address : new String[] {"kafka://host:9092?a=b", "kafka://me:mine@host"}) {
      assertEquals(address, FROM_VARIABLE.in(address, false));
    }
  }

  @Test
  void onRedisAPasswordNeedsNoUser() {
    assertEquals("redis://:s@h:6379/1", new Password("s", true).in("redis://h:6379/1", true));
  }

  @Test
  void oneFromAFileThatIsOfNoUseIsRefused() {
    Password demanded = new Password("s3cret", true);
    for (String address : new String[] {"kafka://host:9092", "kafka://me:mine@host"}) {
      var refused = assertThrows(IllegalArgumentException.class, () -> demanded.in(address, false));
      assertFalse(refused.toString().contains("s3cret"));
    }
  }

  @Test
  void aFileEndsWithItsLine(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("password"), " s3cret \n");
    assertEquals(" s3cret ", Password.of(file, "other").orElseThrow().text());
  }

  @Test
  void aFileThatIsNotThereOrEmptyIsRefused(@TempDir Path folder) throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    for (Path file : new Path[] {empty, folder.resolve("none")}) {
      assertThrows(IllegalArgumentException.class, () -> Password.of(file, null));
    }
  }

  @Test
  void nothingIsSaidAndNothingIsGiven() {
    assertTrue(Password.of(null, null).isEmpty());
    assertTrue(Password.of(null, "").isEmpty());
    assertFalse(FROM_VARIABLE.toString().contains("a b"));
  }
}
