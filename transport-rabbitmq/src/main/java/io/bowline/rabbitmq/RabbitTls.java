// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.rabbitmq.client.Address;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom a connection by TLS trusts, and as whom it shows itself. */
final class RabbitTls {
  private static final String PEM = "PEM";
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END");

  private RabbitTls() {}

  /**
   * A file of keys or certificates.
   *
   * @param property its name among the settings
   * @param file where it is
   * @param type {@code PKCS12}, {@code JKS} or {@code PEM}
   * @param password of the file and its key, a secret; empty for none
   */
  record Store(String property, String file, String type, String password) {
    @Override
    public String toString() {
      return property + "=" + file + " (" + type + ")";
    }
  }

  /**
   * Reads the stores; without one for trust, the JVM's authorities are trusted.
   *
   * @throws TransportException REFUSED if one cannot be read, naming it
   */
  static SSLContext context(@Nullable Store trust, @Nullable Store key) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManagerFactory trusted =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init(trust == null ? null : read(trust));
      KeyManagerFactory own = null;
      if (key != null) {
        own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(read(key), key.password.toCharArray());
      }
      context.init(own == null ? null : own.getKeyManagers(), trusted.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new TransportException(
          Verdict.REFUSED, "TLS with " + trust + " and " + key + " cannot be set up: " + e, e);
    }
  }

  /** Lets a TLS socket accept only a certificate for the host that was asked for. */
  static void verifyHost(SSLSocket socket) {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
  }

  /** Whether TLS can be agreed on there; no certificate is looked at, and no secret is told. */
  static boolean isSpokenAt(Address host, int timeoutMillis) {
    try (SSLSocket socket = (SSLSocket) anybody().getSocketFactory().createSocket()) {
      socket.connect(host.toInetSocketAddress(host.getPort()), timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      socket.startHandshake();
      return true;
    } catch (IOException | GeneralSecurityException e) {
      // A server that wants a certificate of ours says so in TLS as well.
      return String.valueOf(e.getMessage()).contains("alert");
    }
  }

  private static SSLContext anybody() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    return context;
  }

  private static KeyStore read(Store store) {
    try {
      Path file = Path.of(store.file);
      boolean pem = store.type.equalsIgnoreCase(PEM);
      return pem ? pem(Files.readString(file, US_ASCII), store) : binary(file, store);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      String why = e instanceof InvalidPathException ? "not a path" : e.toString();
      throw new TransportException(
          Verdict.REFUSED,
          "Cannot read " + store + ": " + why + "; check the path, the type and the password",
          e);
    }
  }

  private static KeyStore binary(Path file, Store store)
      throws IOException, GeneralSecurityException {
    KeyStore read = KeyStore.getInstance(store.type);
    try (InputStream in = Files.newInputStream(file)) {
      read.load(in, store.password.toCharArray());
    }
    return read;
  }

  private static KeyStore pem(String text, Store store)
      throws IOException, GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> certificates = new ArrayList<>();
    PrivateKey key = null;
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      byte[] bytes = Base64.getMimeDecoder().decode(blocks.group(2));
      if (blocks.group(1).equals("CERTIFICATE")) {
        certificates.add(factory.generateCertificate(new ByteArrayInputStream(bytes)));
      } else if (blocks.group(1).equals("PRIVATE KEY")) {
        key = key(bytes);
      } else {
        throw new IOException("a block " + blocks.group(1) + "; a key must be PKCS#8, unencrypted");
      }
    }
    if (certificates.isEmpty()) {
      throw new IOException("no certificate in it");
    }
    KeyStore made = KeyStore.getInstance("PKCS12");
    made.load(null, null);
    if (key != null) {
      made.setKeyEntry(
          "key", key, store.password.toCharArray(), certificates.toArray(Certificate[]::new));
    } else {
      for (int i = 0; i < certificates.size(); i++) {
        made.setCertificateEntry("certificate-" + i, certificates.get(i));
      }
    }
    return made;
  }

  private static PrivateKey key(byte[] bytes) throws GeneralSecurityException {
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (InvalidKeySpecException another) {
        // Its algorithm is one of the others.
      }
    }
    throw new InvalidKeySpecException("the key is none of RSA, EC and EdDSA");
  }
}
