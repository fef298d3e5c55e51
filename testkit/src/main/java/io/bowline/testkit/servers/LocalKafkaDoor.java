// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import io.bowline.testkit.tls.TestCertificates;
import io.bowline.testkit.tls.TestCertificates.Identity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The ways into a {@linkplain LocalKafka#startSecured secured} Kafka node, each a listener of its
 * own. Those with SASL take PLAIN, for the user {@value #PLAIN_USER} alone, and SCRAM-SHA-256 and
 * -512, for users that a test makes by Kafka's admin client at {@link LocalKafka#address()}.
 */
public enum LocalKafkaDoor {
  /** TLS with a good certificate; clients need none. */
  TLS("SSL"),
  /** TLS, and clients must show a certificate of the trusted authority. */
  MUTUAL_TLS("SSL"),
  /** TLS with a certificate that expired a day ago. */
  EXPIRED("SSL"),
  /** TLS with a certificate of an authority that nobody trusts. */
  UNTRUSTED("SSL"),
  /** SASL in TLS. */
  SASL_TLS("SASL_SSL"),
  /** SASL in the clear. */
  SASL_CLEAR("SASL_PLAINTEXT");

  /** The user of PLAIN, whose password is {@link #plainPassword()}. */
  public static final String PLAIN_USER = "paula";

  /** Rights by ACLs; brokers, and tests that come as they do, have them all. */
  static final Map<String, String> RIGHTS =
      Map.of(
          "authorizer.class.name",
          "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
          "super.users",
          "User:ANONYMOUS");

  private final String protocol;

  LocalKafkaDoor(String protocol) {
    this.protocol = protocol;
  }

  /** The {@code security.protocol} that leads in. */
  public String protocol() {
    return protocol;
  }

  /** The password of {@value #PLAIN_USER}: that of the certificates, new in each JVM. */
  public static String plainPassword() {
    return TestCertificates.get().password();
  }

  /** No underscores, which the names of settings do not take. */
  String listener() {
    return name().replace("_", "");
  }

  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    String prefix = "listener.name." + listener().toLowerCase(Locale.ROOT) + ".";
    if (this != SASL_CLEAR) {
      TestCertificates certificates = TestCertificates.get();
      settings.put(prefix + "ssl.keystore.type", "PKCS12");
      settings.put(prefix + "ssl.keystore.location", identity(certificates).keyStore().toString());
      settings.put(prefix + "ssl.keystore.password", certificates.password());
      settings.put(prefix + "ssl.key.password", certificates.password());
      settings.put(prefix + "ssl.truststore.type", "PKCS12");
      settings.put(prefix + "ssl.truststore.location", certificates.trustStore().toString());
      settings.put(prefix + "ssl.truststore.password", certificates.password());
      settings.put(prefix + "ssl.client.auth", this == MUTUAL_TLS ? "required" : "none");
    }
    if (protocol.startsWith("SASL")) {
      String security = "org.apache.kafka.common.security.";
      settings.put(prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
      settings.put(
          prefix + "plain.sasl.jaas.config",
          "%splain.PlainLoginModule required user_%s=\"%s\";"
              .formatted(security, PLAIN_USER, plainPassword()));
      for (String scram : List.of("scram-sha-256", "scram-sha-512")) {
        settings.put(
            prefix + scram + ".sasl.jaas.config", security + "scram.ScramLoginModule required;");
      }
    }
    return settings;
  }

  private Identity identity(TestCertificates certificates) {
    return switch (this) {
      case EXPIRED -> certificates.expired();
      case UNTRUSTED -> certificates.untrusted();
      default -> certificates.server();
    };
  }
}
