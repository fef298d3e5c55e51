// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.tls;

import java.nio.file.Path;

/**
 * Keys and certificates for tests of TLS, made anew for each JVM in a temporary folder that goes
 * with it: an authority; a server's certificate by it for {@code localhost} and {@code 127.0.0.1};
 * the same expired a day ago; the same by another authority, which nobody here trusts; and a
 * client's, by the first, in the name of {@value #CLIENT_NAME}. Keys are RSA of 2048 bits.
 *
 * <p>All stores are PKCS12 under one random password; PEM files are UTF-8 text, their keys PKCS#8
 * and not encrypted, readable by every user of the machine, since brokers may run as another one:
 * never use them for anything but a test. Immutable and thread-safe.
 */
public final class TestCertificates {
  /** The common name of the client's certificate. */
  public static final String CLIENT_NAME = "bowline-client";

  private final Path folder;
  private final String password;

  TestCertificates(Path folder, String password) {
    this.folder = folder;
    this.password = password;
  }

  private static final class OfThisJvm {
    static final TestCertificates MADE = CertificateMaker.make();
  }

  /**
   * The certificates of this JVM, made by the JDK's keytool when first asked for: some 5 s.
   *
   * @throws IllegalStateException if keytool fails, with what it said
   */
  public static TestCertificates get() {
    return OfThisJvm.MADE;
  }

  /**
   * A key with its certificate, in every form that brokers and clients read.
   *
   * @param keyStore PKCS12 with the key and the chain, under {@link TestCertificates#password}
   * @param certificate PEM: the certificate, then its authority's
   * @param key PEM: the key, PKCS#8, not encrypted
   */
  public record Identity(Path keyStore, Path certificate, Path key) {}

  /** A good server. */
  public Identity server() {
    return identity("server");
  }

  /** A server whose certificate expired a day ago. */
  public Identity expired() {
    return identity("expired");
  }

  /** A server whose certificate another authority signed. */
  public Identity untrusted() {
    return identity("untrusted");
  }

  /** A client. */
  public Identity client() {
    return identity("client");
  }

  /** The trusted authority's certificate, PEM. */
  public Path authority() {
    return folder.resolve("ca.pem");
  }

  /** PKCS12 that trusts the authority, and no other. */
  public Path trustStore() {
    return folder.resolve("trust.p12");
  }

  /** PKCS12 that trusts only the other authority: who uses it distrusts {@link #server}. */
  public Path otherTrustStore() {
    return folder.resolve("other-trust.p12");
  }

  /** The password of all stores and of the keys in them: 32 letters and digits. */
  public String password() {
    return password;
  }

  private Identity identity(String name) {
    return new Identity(
        folder.resolve(name + ".p12"),
        folder.resolve(name + ".pem"),
        folder.resolve(name + ".key"));
  }

  /** Names the folder, never the password. */
  @Override
  public String toString() {
    return "TestCertificates[" + folder + "]";
  }
}
