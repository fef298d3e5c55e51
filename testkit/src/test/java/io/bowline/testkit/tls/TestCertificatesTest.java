// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.testkit.tls.TestCertificates.Identity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TestCertificatesTest {
  private static final TestCertificates CERTIFICATES = TestCertificates.get();

  private static KeyStore store(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, CERTIFICATES.password().toCharArray());
    }
    return store;
  }

  private static SSLContext context(Identity identity, Path trusted)
      throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store(identity.keyStore()), CERTIFICATES.password().toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store(trusted));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** The name that the server saw, once a client that trusts this store had shaken hands. */
  private static String handshake(Identity server, Path trusted, String host)
      throws GeneralSecurityException, IOException {
    SSLContext here = context(server, CERTIFICATES.trustStore());
    SSLContext there = context(CERTIFICATES.client(), trusted);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (SSLServerSocket listener =
        (SSLServerSocket) here.getServerSocketFactory().createServerSocket(0, 5, loopback)) {
      listener.setNeedClientAuth(true);
      CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> peer(listener));
      Socket plain = new Socket(loopback, listener.getLocalPort());
      try (SSLSocket client =
          (SSLSocket) there.getSocketFactory().createSocket(plain, host, plain.getPort(), true)) {
        SSLParameters checked = client.getSSLParameters();
        checked.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(checked);
        client.startHandshake();
        assertEquals(1, client.getInputStream().read());
      }
      return seen.join();
    }
  }

  private static String peer(SSLServerSocket listener) {
    try (SSLSocket socket = (SSLSocket) listener.accept()) {
      socket.startHandshake();
      socket.getOutputStream().write(1);
      return socket.getSession().getPeerPrincipal().getName();
    } catch (IOException told) {
      return "failed: " + told;
    }
  }

  @Test
  void theGoodServerIsTrustedByNameAndByAddress() throws Exception {
    String name = "CN=" + TestCertificates.CLIENT_NAME;
    assertEquals(name, handshake(CERTIFICATES.server(), CERTIFICATES.trustStore(), "localhost"));
    assertEquals(name, handshake(CERTIFICATES.server(), CERTIFICATES.trustStore(), "127.0.0.1"));
  }

  @Test
  void anotherNameIsNotTrusted() {
    assertFails(CERTIFICATES.server(), CERTIFICATES.trustStore(), "elsewhere", "elsewhere");
  }

  @Test
  void theExpiredServerIsNotTrusted() {
    assertFails(CERTIFICATES.expired(), CERTIFICATES.trustStore(), "localhost", "validity");
  }

  @Test
  void theStrangerIsNotTrusted() {
    assertFails(CERTIFICATES.untrusted(), CERTIFICATES.trustStore(), "localhost", "path");
  }

  @Test
  void theOtherTrustStoreTrustsTheStrangerOnly() throws Exception {
    Path other = CERTIFICATES.otherTrustStore();
    assertFails(CERTIFICATES.server(), other, "localhost", "path");
    assertEquals(
        "CN=" + TestCertificates.CLIENT_NAME,
        handshake(CERTIFICATES.untrusted(), other, "localhost"));
  }

  private static void assertFails(Identity server, Path trusted, String host, String why) {
    SSLException failure = assertThrows(SSLException.class, () -> handshake(server, trusted, host));
    assertTrue(failure.toString().contains(why), failure.toString());
  }

  @Test
  void thePemFilesHoldTheSame() throws Exception {
    for (Identity identity :
        List.of(
            CERTIFICATES.server(),
            CERTIFICATES.expired(),
            CERTIFICATES.untrusted(),
            CERTIFICATES.client())) {
      KeyStore store = store(identity.keyStore());
      String alias = store.aliases().nextElement();
      assertEquals(List.of(store.getCertificateChain(alias)), certificates(identity.certificate()));
      RSAPrivateKey key = (RSAPrivateKey) key(identity.key());
      RSAPublicKey published = (RSAPublicKey) store.getCertificate(alias).getPublicKey();
      assertEquals(published.getModulus(), key.getModulus());
    }
    Certificate authority = certificates(CERTIFICATES.authority()).get(0);
    authority.verify(authority.getPublicKey());
    certificates(CERTIFICATES.server().certificate()).get(0).verify(authority.getPublicKey());
  }

  private static List<Certificate> certificates(Path pem)
      throws IOException, GeneralSecurityException {
    byte[] text = Files.readAllBytes(pem);
    return new ArrayList<>(
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(text)));
  }

  private static PrivateKey key(Path pem) throws IOException, GeneralSecurityException {
    String body = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
    byte[] content = Base64.getMimeDecoder().decode(body);
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(content));
  }

  @Test
  void theyAreMadeOnceAndTellNoPassword() {
    assertEquals(CERTIFICATES, TestCertificates.get());
    assertEquals(32, CERTIFICATES.password().length());
    assertFalse(CERTIFICATES.toString().contains(CERTIFICATES.password()));
  }
}
