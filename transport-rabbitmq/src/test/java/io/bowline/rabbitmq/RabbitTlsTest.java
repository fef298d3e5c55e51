// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.rabbitmq.RabbitTls.Store;
import io.bowline.testkit.tls.TestCertificates;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RabbitTlsTest {
  private static final TestCertificates CERTIFICATES = TestCertificates.get();

  @TempDir private Path folder;

  @Test
  void storesOfEveryKindAreRead() throws IOException {
    String password = CERTIFICATES.password();
    assertNotNull(
        RabbitTls.context(
            store(CERTIFICATES.trustStore(), "PKCS12", password),
            store(CERTIFICATES.client().keyStore(), "PKCS12", password)));
    Path both = folder.resolve("client.pem");
    Files.writeString(
        both,
        Files.readString(CERTIFICATES.client().key())
            + Files.readString(CERTIFICATES.client().certificate()));
    assertNotNull(
        RabbitTls.context(store(CERTIFICATES.authority(), "PEM", ""), store(both, "PEM", "")));
    assertNotNull(RabbitTls.context(null, null));
  }

  @Test
  void aWrongPasswordIsRefusedAndNotShown() {
    String text = refusal(store(CERTIFICATES.trustStore(), "PKCS12", "hunter2"));
    assertTrue(text.contains("trust.p12 (PKCS12)"), text);
    assertFalse(text.contains("hunter2"), text);
  }

  @Test
  void whatIsNoStoreIsRefusedByName() throws IOException {
    refusal(store(folder.resolve("missing.p12"), "PKCS12", ""));
    Path text = Files.writeString(folder.resolve("text.pem"), "nothing");
    assertTrue(refusal(store(text, "PEM", "")).contains("no certificate in it"));
    Path old =
        Files.writeString(
            folder.resolve("old.pem"),
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    assertTrue(refusal(store(old, "PEM", "")).contains("PKCS#8"));
  }

  private static Store store(Path file, String type, String password) {
    return new Store("ssl.trust.store", file.toString(), type, password);
  }

  private static String refusal(Store store) {
    TransportException refused =
        assertThrows(TransportException.class, () -> RabbitTls.context(store, null));
    assertEquals(Verdict.REFUSED, refused.verdict());
    return String.valueOf(refused.getMessage());
  }
}
