// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {

  @Test
  void aHostIsEnough() {
    BrokerAddress address = BrokerAddress.parse("Kafka://localhost");
    assertEquals("kafka", address.scheme());
    assertEquals(List.of("localhost:9092"), address.hosts(9092));
    assertTrue(address.user().isEmpty() && address.password().isEmpty());
    assertEquals("", address.path());
    assertTrue(address.query().isEmpty());
  }

  @Test
  void aPortIsKept() {
    assertEquals(List.of("h:1"), BrokerAddress.parse("kafka://h:1").hosts(9092));
  }

  @Test
  void severalHostsEachHaveTheirPort() {
    List<String> hosts = BrokerAddress.parse("kafka://a:1, b,c.example.org:3").hosts(9);
    assertEquals(List.of("a:1", "b:9", "c.example.org:3"), hosts);
  }

  @Test
  void everyPartIsRead() {
    BrokerAddress address = BrokerAddress.parse("rabbitmq://me:pw@h:5671,i/vhost?a=1&b=&c&d=x=y");
    assertEquals("me", address.user().orElseThrow());
    assertEquals("pw", address.password().orElseThrow());
    assertEquals(List.of("h:5671", "i:5672"), address.hosts(5672));
    assertEquals("vhost", address.path());
    assertEquals(Map.of("a", "1", "b", "", "c", "", "d", "x=y"), address.query());
  }

  @Test
  void ipv6StandsInBrackets() {
    BrokerAddress address = BrokerAddress.parse("kafka://[::1]:9093,[fe80::1]");
    assertEquals(List.of("[::1]:9093", "[fe80::1]:9092"), address.hosts(9092));
  }

  @Test
  void reservedCharactersArePercentEncoded() {
    BrokerAddress address =
        BrokerAddress.parse("rabbitmq://a%40b:p%2F%3F%23%3A%25w@h/%2Fv+%20w?n%26=v%3D+%C3%BC");
    assertEquals("a@b", address.user().orElseThrow());
    assertEquals("p/?#:%w", address.password().orElseThrow());
    assertEquals("/v+ w", address.path());
    assertEquals(Map.of("n&", "v=+ü"), address.query());
  }

  @Test
  void aPasswordMayHoldColonsAndAts() {
    BrokerAddress address = BrokerAddress.parse("rabbitmq://me:a:b@c@h");
    assertEquals("a:b@c", address.password().orElseThrow());
    assertEquals(List.of("h:1"), address.hosts(1));
  }

  @Test
  void aUserMayHaveNoPassword() {
    BrokerAddress address = BrokerAddress.parse("rabbitmq://me@h");
    assertEquals("me", address.user().orElseThrow());
    assertTrue(address.password().isEmpty());
    assertEquals("rabbitmq://me@h", address.toString());
  }

  @Test
  void printingShowsNeitherPasswordNorQuery() {
    String text = BrokerAddress.parse("rabbitmq://me:s3cret@h:1/v?p=s3cret").toString();
    assertEquals("rabbitmq://me:***@h:1/v", text);
  }

  @Test
  void theQueryCannotBeChangedFromOutside() {
    Map<String, String> query = BrokerAddress.parse("kafka://h?a=b").query();
    assertThrows(UnsupportedOperationException.class, () -> query.put("c", "d"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:9092",
        "://h",
        "kafka://",
        "kafka:///path",
        "kafka://a,",
        "kafka://,a",
        "kafka://:9092",
        "kafka://user@",
        "kafka://h:",
        "kafka://h:port",
        "kafka://h:0",
        "kafka://h:65536",
        "kafka://[::1",
        "kafka://[::1]x",
        "kafka://fe80::1",
      })
  void aMalformedOneIsRefusedWithTheFormItShouldHave(String text) {
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> BrokerAddress.parse(text));
    assertTrue(refused.toString().contains("kafka://localhost:9092"), refused.toString());
  }

  /** Reserved characters that nobody encoded put parts of the password in other places. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rabbitmq://me:s3c%ret@h",
        "rabbitmq://me:s3c%zzret@h",
        "rabbitmq://me:s3c/ret@h",
        "rabbitmq://me:s3c?ret@h",
        "rabbitmq://me:12/s3cret@h",
        "rabbitmq://me:12?s3cret@h/v?a=b",
        "me:s3cret@h",
        "rabbitmq://me:s3cret@",
        "rabbitmq://me:s3cret@h:s3cret",
        "kafka://h?secret=%s3cret",
      })
  void noErrorShowsAnyPartOfAPassword(String text) {
    Throwable refused =
        assertThrows(IllegalArgumentException.class, () -> BrokerAddress.parse(text));
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      assertFalse(message.contains("s3c") || message.contains("ret@"), message);
      assertFalse(message.contains("\"re\"") || message.contains("\"zz\""), message);
    }
  }
}
