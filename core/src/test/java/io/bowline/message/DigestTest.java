// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class DigestTest {
  /** CRC-32C of "123456789" is the check value of its catalogue: e3069283. */
  @Test
  void itIsTheCrcOfTheBodyWithThatOfTheTopic() {
    Digest digest = new Digest("123456789");
    assertEquals(0, digest.of("123456789".getBytes(UTF_8)));
    assertEquals(0xe3069283L, digest.of(new byte[0]));
  }

  @Test
  void anotherBodyAndAnotherTopicShow() {
    byte[] body = "100".getBytes(UTF_8);
    long digest = new Digest("orders").of(body);
    assertEquals(digest, new Digest("orders").of(body.clone()));
    assertNotEquals(digest, new Digest("orders").of("101".getBytes(UTF_8)));
    assertNotEquals(digest, new Digest("order").of(body));
  }
}
