// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.testkit.servers.LocalKafka;
import io.bowline.testkit.servers.LocalKafkaDoor;
import io.bowline.testkit.tls.TestCertificates;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.TransportConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** A Kafka that asks who is there, its users and their rights. */
final class SecuredKafka implements AutoCloseable {
  static final String SECRET = "s3cret-\"quoted\"-Grüße";
  private static final TestCertificates CERTIFICATES = TestCertificates.get();

  final LocalKafka server = LocalKafka.startSecured();
  final PlainKafka plain = new PlainKafka(server.address());

  TransportConfig at(LocalKafkaDoor door, Map<String, String> properties) {
    return at("", door, properties);
  }

  /** With a login, {@code user:password@}, percent-encoded. */
  TransportConfig at(String login, LocalKafkaDoor door, Map<String, String> properties) {
    String address = "kafka://" + login + server.hostOf(door);
    Map<String, String> all = new HashMap<>(properties);
    all.putIfAbsent("security.protocol", door.protocol());
    return TransportConfig.of(BrokerAddress.parse(address)).properties(all);
  }

  static Map<String, String> trusting() {
    return trust(CERTIFICATES.trustStore());
  }

  static Map<String, String> trustingOthers() {
    return trust(CERTIFICATES.otherTrustStore());
  }

  private static Map<String, String> trust(Path store) {
    return Map.of(
        "ssl.truststore.type", "PKCS12",
        "ssl.truststore.location", store.toString(),
        "ssl.truststore.password", CERTIFICATES.password());
  }

  static Map<String, String> withCertificate() {
    Map<String, String> properties = new HashMap<>(trusting());
    properties.put("ssl.keystore.type", "PKCS12");
    properties.put("ssl.keystore.location", CERTIFICATES.client().keyStore().toString());
    properties.put("ssl.keystore.password", CERTIFICATES.password());
    properties.put("ssl.key.password", CERTIFICATES.password());
    return properties;
  }

  static Map<String, String> scram(String user, String password) {
    Map<String, String> properties = new HashMap<>(trusting());
    properties.put("sasl.mechanism", "SCRAM-SHA-512");
    properties.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\""
                .formatted(user)
            + " password=\"%s\";".formatted(password.replace("\"", "\\\"")));
    return properties;
  }

  /** Makes a user of SCRAM, or changes the password. */
  void user(String name, String password) {
    ScramCredentialInfo how = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
    alter(new UserScramCredentialUpsertion(name, how, password));
  }

  void remove(String user) {
    alter(new UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512));
  }

  private void alter(UserScramCredentialAlteration alteration) {
    PlainKafka.get(plain.admin.alterUserScramCredentials(List.of(alteration)).all());
  }

  /** Grants a user something on all topics whose names begin so. */
  void grant(String user, String topics, AclOperation... operations) {
    ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, topics, PatternType.PREFIXED);
    for (AclOperation operation : operations) {
      AccessControlEntry entry =
          new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW);
      PlainKafka.get(plain.admin.createAcls(List.of(new AclBinding(pattern, entry))).all());
    }
  }

  @Override
  public void close() {
    plain.close();
    server.close();
  }
}
