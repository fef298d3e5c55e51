// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.servers.LocalRocket;
import io.bowline.testkit.servers.LocalRocketSetup;
import io.bowline.testkit.tls.TestCertificates;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/** A RocketMQ that asks who calls and shows a certificate, which may be changed. */
final class SecuredRocket implements AutoCloseable {
  static final TestCertificates CERTIFICATES = TestCertificates.get();
  static final String BOSS = "boss";
  static final String PASSWORD = "Very5ecretIndeed";

  /** Far less than a connect timeout: nobody tried again. */
  private static final Duration AT_ONCE = Duration.ofSeconds(30);

  private final Path shown;
  private final LocalRocket server;

  SecuredRocket(Path shown) throws IOException {
    this.shown = shown;
    show(CERTIFICATES.server());
    TestCertificates.Identity here =
        new TestCertificates.Identity(
            CERTIFICATES.server().keyStore(),
            shown.resolve("shown.pem"),
            shown.resolve("shown.key"));
    server =
        LocalRocket.startNew(LocalRocketSetup.plain().superUser(BOSS, PASSWORD).certificate(here));
  }

  LocalRocket server() {
    return server;
  }

  @Override
  public void close() {
    server.close();
  }

  /** What it shows after its next start. */
  void show(TestCertificates.Identity identity) throws IOException {
    StandardCopyOption over = StandardCopyOption.REPLACE_EXISTING;
    Files.copy(identity.certificate(), shown.resolve("shown.pem"), over);
    Files.copy(identity.key(), shown.resolve("shown.key"), over);
  }

  static Map<String, String> trusting(Path store) {
    return Map.of(
        "ssl", "true",
        "ssl.trust.store", store.toString(),
        "ssl.trust.store.password", CERTIFICATES.password());
  }

  Transport open(String credentials, Map<String, String> options) {
    return openAt(server.address(), credentials, options);
  }

  static Transport openAt(String at, String credentials, Map<String, String> options) {
    String address = at.replace("://", "://" + credentials);
    return new RocketTransportProvider()
        .open(
            TransportConfig.of(BrokerAddress.parse(address))
                .properties(options)
                .connectTimeout(AT_ONCE.multipliedBy(4))
                .confirmTimeout(Duration.ofSeconds(10)));
  }

  Transport open() {
    return open(BOSS + ":" + PASSWORD + "@", trusting(CERTIFICATES.trustStore()));
  }

  static String refusal(String at, String credentials, Map<String, String> options) {
    long start = System.nanoTime();
    TransportException refused =
        assertThrows(TransportException.class, () -> openAt(at, credentials, options).close());
    assertEquals(Verdict.REFUSED, refused.verdict(), refused.getMessage());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(AT_ONCE) < 0, "it took " + took);
    return String.valueOf(refused.getMessage());
  }

  String refusal(String credentials, Map<String, String> options) {
    return refusal(server.address(), credentials, options);
  }

  static void assertSays(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
    }
  }
}
