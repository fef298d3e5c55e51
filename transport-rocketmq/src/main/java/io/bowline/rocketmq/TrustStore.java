// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A file of the authorities whose certificates are trusted. Prints without the password.
 *
 * @param file a key store, or PEM certificates one after another
 * @param password the key store's, empty if it has none
 * @param type {@code PKCS12}, {@code JKS} or {@code PEM}
 */
record TrustStore(Path file, String password, String type) {

  /**
   * What verifies certificates, by the JVM's own rules.
   *
   * @throws TransportException REFUSED if the file cannot be read as what it is said to be
   */
  static TrustManagerFactory managers(Optional<TrustStore> store) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store.isPresent() ? store.get().read() : jvmsOwn());
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      String what = store.map(each -> each.type + " " + each.file).orElse("of the JVM");
      throw new TransportException(
          Verdict.REFUSED, "Trust store " + what + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static @Nullable KeyStore jvmsOwn() {
    return null;
  }

  private KeyStore read() throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      if (type.equals("PEM")) {
        return ofCertificates(in);
      }
      KeyStore store = KeyStore.getInstance(type);
      store.load(in, password.isEmpty() ? null : password.toCharArray());
      return store;
    }
  }

  private static KeyStore ofCertificates(InputStream in)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
      store.setCertificateEntry("authority-" + number++, each);
    }
    if (number == 0) {
      throw new IOException("it holds no certificate");
    }
    return store;
  }

  @Override
  public String toString() {
    return "TrustStore[" + type + " " + file + "]";
  }
}
