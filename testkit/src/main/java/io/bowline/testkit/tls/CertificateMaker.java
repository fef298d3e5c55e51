// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Lets keytool make all keys in one store, and writes from it what brokers and clients read. */
final class CertificateMaker {
  private static final String PASSWORD_VARIABLE = "BOWLINE_TEST_PASSWORD";
  private static final String HERE = "san=dns:localhost,ip:127.0.0.1";
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

  private final Path folder;
  private final Path all;
  private final String password;

  private CertificateMaker(Path folder) {
    this.folder = folder;
    this.all = folder.resolve("all.p12");
    this.password = randomPassword();
  }

  static TestCertificates make() {
    try {
      Path folder = Files.createTempDirectory("bowline-certificates-");
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> delete(folder), "bowline-certificates"));
      // A broker that runs as another user reads here.
      var unused =
          folder.toFile().setExecutable(true, false) && folder.toFile().setReadable(true, false);
      CertificateMaker maker = new CertificateMaker(folder);
      maker.makeKeys();
      maker.write();
      return new TestCertificates(folder, maker.password);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("Making certificates for tests", e);
    }
  }

  private static String randomPassword() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder();
    random.ints(32, 0, LETTERS.length()).forEach(i -> password.append(LETTERS.charAt(i)));
    return password.toString();
  }

  private void makeKeys() throws IOException {
    key("ca", "CN=Bowline test authority", "-ext", "bc:c=ca:true", "-validity", "30");
    key("other", "CN=Another authority", "-ext", "bc:c=ca:true", "-validity", "30");
    key("server", "CN=localhost", "-signer", "ca", "-ext", HERE, "-validity", "30");
    key("untrusted", "CN=localhost", "-signer", "other", "-ext", HERE, "-validity", "30");
    key(
        "expired",
        "CN=localhost",
        "-signer",
        "ca",
        "-ext",
        HERE,
        "-startdate",
        "-11d",
        "-validity",
        "10");
    key("client", "CN=" + TestCertificates.CLIENT_NAME, "-signer", "ca", "-validity", "30");
  }

  private void key(String alias, String name, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-storetype",
                "PKCS12",
                "-keystore",
                all.toString(),
                "-storepass:env",
                PASSWORD_VARIABLE,
                "-alias",
                alias,
                "-dname",
                name));
    command.addAll(Arrays.asList(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(PASSWORD_VARIABLE, password);
    Process keytool = builder.start();
    keytool.getOutputStream().close();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    int status = keytool.onExit().join().exitValue();
    if (status != 0) {
      throw new IllegalStateException(
          "keytool ended with " + status + " making " + alias + ": " + said);
    }
  }

  private void write() throws IOException, GeneralSecurityException {
    KeyStore made = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(all)) {
      made.load(in, password.toCharArray());
    }
    for (String alias : List.of("server", "untrusted", "expired", "client")) {
      writeIdentity(alias, made);
    }
    Certificate authority = made.getCertificate("ca");
    Files.writeString(folder.resolve("ca.pem"), pem("CERTIFICATE", authority.getEncoded()));
    writeTrust("trust.p12", authority);
    writeTrust("other-trust.p12", made.getCertificate("other"));
    Files.delete(all);
  }

  private void writeIdentity(String alias, KeyStore made)
      throws IOException, GeneralSecurityException {
    Key key = made.getKey(alias, password.toCharArray());
    Certificate[] chain = made.getCertificateChain(alias);
    KeyStore store = empty();
    store.setKeyEntry(alias, key, password.toCharArray(), chain);
    store(alias + ".p12", store);
    StringBuilder certificates = new StringBuilder();
    for (Certificate certificate : chain) {
      certificates.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    Files.writeString(folder.resolve(alias + ".pem"), certificates);
    Files.writeString(folder.resolve(alias + ".key"), pem("PRIVATE KEY", key.getEncoded()));
  }

  private void writeTrust(String file, Certificate authority)
      throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    store.setCertificateEntry("authority", authority);
    store(file, store);
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private void store(String file, KeyStore store) throws IOException, GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
      store.store(out, password.toCharArray());
    }
  }

  private static String pem(String type, byte[] content) {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
    return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
  }

  private static void delete(Path folder) {
    try (Stream<Path> content = Files.walk(folder)) {
      for (Path each : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      System.err.println("[bowline] cannot remove " + folder + ": " + e);
    }
  }
}
