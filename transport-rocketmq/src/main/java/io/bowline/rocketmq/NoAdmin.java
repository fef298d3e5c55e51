// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.TopicAudit;
import io.bowline.transport.Backlog;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Mode;
import io.bowline.transport.TopicSpec;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Without a name server's address: topics and groups are made by somebody else. Thread-safe. */
final class NoAdmin implements TopicAdmin {
  private static final Logger log = LoggerFactory.getLogger(NoAdmin.class);

  private final RocketSettings settings;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  NoAdmin(RocketSettings settings) {
    this.settings = settings;
  }

  @Override
  public OptionalInt lanes(String topic) {
    return OptionalInt.empty();
  }

  @Override
  public void prepare(String topic, String group) {
    if (warned.add(topic + "@" + group)) {
      log.warn(
          "Whether group {} exists, is in order and starts with the oldest message of topic {}"
              + " cannot be verified: a proxy starts a new group near the end of a topic."
              + " Name a name server (namesrv=host:9876) to have it seen to",
          group,
          topic);
    }
  }

  @Override
  public Provisioning provide(TopicSpec topic, Mode mode) {
    throw new TransportException(
        Verdict.REFUSED,
        "Topic '%s' cannot be made or looked at through the proxy at %s: add namesrv=host:9876 to the address"
            .formatted(topic.topic(), settings.endpoints()));
  }

  @Override
  public List<String> topics() {
    throw new TransportException(
        Verdict.REFUSED,
        "The proxy at %s does not tell which topics there are: add namesrv=host:9876 to the address"
            .formatted(settings.endpoints()));
  }

  @Override
  public Backlog backlog(String topic, String group) {
    throw new TransportException(
        Verdict.REFUSED,
        "What is left of topic '%s' for group '%s' cannot be asked through the proxy at %s: add"
                .formatted(topic, group, settings.endpoints())
            + " namesrv=host:9876 to the address");
  }

  @Override
  public TopicAudit audit(String topic) {
    Fact<List<BrokerFacts>> brokers =
        Fact.unknown("the proxy does not tell it", "add namesrv=host:9876 to the address");
    return new TopicAudit(
        topic,
        Durability.UNVERIFIED,
        Fact.unknown("the proxy does not tell it", "add namesrv=host:9876 to the address"),
        new BrokerFindings(topic, brokers).all());
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
