// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.audit.Durability;
import io.bowline.audit.Fact;
import io.bowline.audit.Fault;
import io.bowline.audit.Finding;
import io.bowline.audit.Finding.Check;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** What the brokers of a topic mean for what is confirmed. Pure. */
final class BrokerFindings {
  private static final int SHORT_RETENTION_HOURS = 24;
  private static final String IN_FILE = " in broker.conf, and a restart";

  private final String where;
  private final Fact<List<BrokerFacts>> brokers;

  BrokerFindings(String topic, Fact<List<BrokerFacts>> brokers) {
    this.where = "the brokers of topic " + topic;
    this.brokers = brokers;
  }

  /** Of the weakest of its brokers. */
  static Durability durability(List<BrokerFacts> brokers) {
    if (brokers.isEmpty() || brokers.stream().anyMatch(BrokerFindings::keepsInMemory)) {
      return Durability.UNVERIFIED;
    }
    boolean flushed = brokers.stream().allMatch(BrokerFacts::flushes);
    if (brokers.stream().allMatch(BrokerFacts::replicates)) {
      return flushed ? Durability.REPLICATED_SYNC : Durability.REPLICATED;
    }
    return flushed ? Durability.LOCAL_SYNC : Durability.LOCAL;
  }

  List<Finding> all() {
    return List.of(
        replication(),
        buffer(),
        autoInSync(),
        uncleanElection(),
        flush(),
        retention(),
        topics(),
        groups(),
        type());
  }

  /** How long a message is kept by the broker that keeps it shortest. */
  static Duration kept(List<BrokerFacts> brokers) {
    return Duration.ofHours(
        brokers.stream().mapToInt(one -> one.number("fileReservedTime")).min().orElse(0));
  }

  private Finding none(Check check, String good, Fault<BrokerFacts> fault) {
    return fault.judge(check, brokers, BrokerFindings::names, good);
  }

  private static String names(List<BrokerFacts> brokers) {
    return brokers.stream().map(BrokerFacts::name).collect(Collectors.joining(", "));
  }

  private Finding replication() {
    return none(
        Check.critical("replication", where),
        "What is confirmed is with two brokers.",
        new Fault<>(
            one -> !one.replicates(),
            "no replica is waited for, or none is there",
            "A message that was confirmed is lost with the one disk that has it.",
            "a replica, and brokerRole=SYNC_MASTER with inSyncReplicas=2; or a controller, with"
                + " allAckInSyncStateSet=true and minInSyncReplicas=2"
                + IN_FILE));
  }

  private static boolean keepsInMemory(BrokerFacts broker) {
    return broker.isTrue("transientStorePoolEnable") && !broker.flushes();
  }

  private Finding buffer() {
    return none(
        Check.critical("transient-store-pool", where),
        "What is confirmed is with the operating system at least.",
        new Fault<>(
            BrokerFindings::keepsInMemory,
            "transientStorePoolEnable with ASYNC_FLUSH",
            "What is confirmed is in the broker's own memory, and goes with its process.",
            "transientStorePoolEnable=false" + IN_FILE));
  }

  private Finding autoInSync() {
    return none(
        Check.critical("auto-in-sync-replicas", where),
        "Fewer replicas do not lower what a confirm means.",
        new Fault<>(
            one -> one.isTrue("enableAutoInSyncReplicas") && one.number("minInSyncReplicas") < 2,
            "enableAutoInSyncReplicas with minInSyncReplicas below 2",
            "Once replicas lag, a message is confirmed that the master alone has.",
            "minInSyncReplicas=2" + IN_FILE));
  }

  private Finding uncleanElection() {
    Check check = Check.critical("unclean-election", where);
    return brokers.judge(check, all -> uncleanElection(check, all));
  }

  /** One that is known to do so is worse than one that is not known. */
  private static Finding uncleanElection(Check check, List<BrokerFacts> all) {
    List<BrokerFacts> unclean =
        all.stream().filter(one -> one.electsUnclean().value().orElse(false)).toList();
    if (!unclean.isEmpty()) {
      return check.fail(
          "enableElectUncleanMaster at a controller of " + names(unclean),
          "A replica that lags may take over, and what it lacks is lost, though it was confirmed.",
          "mqadmin updateControllerConfig -k enableElectUncleanMaster -v false, at each controller,"
              + " and in its configuration file");
    }
    for (BrokerFacts one : all) {
      if (one.electsUnclean().value().isEmpty()) {
        return check.unverifiable(one.electsUnclean().why(), one.electsUnclean().remedy());
      }
    }
    return check.pass(
        "no controller, or enableElectUncleanMaster=false", "No replica that lags takes over.");
  }

  private Finding flush() {
    return none(
        Check.warning("flush", where),
        "What is confirmed is on a disk.",
        new Fault<>(
            one -> !one.flushes(),
            "flushDiskType is not SYNC_FLUSH",
            "A power cut takes what the disk does not have yet: some hundred milliseconds.",
            "flushDiskType=SYNC_FLUSH" + IN_FILE));
  }

  private Finding retention() {
    return none(
        Check.warning("retention", where),
        "A group that stands still loses nothing for a day or longer.",
        new Fault<>(
            one -> one.number("fileReservedTime") < SHORT_RETENTION_HOURS,
            "fileReservedTime is less than " + SHORT_RETENTION_HOURS + " h",
            "What a group did not read in that time is deleted unread.",
            "fileReservedTime=72" + IN_FILE));
  }

  private Finding topics() {
    return none(
        Check.warning("auto-create-topics", where),
        "A topic that nobody made is refused.",
        new Fault<>(
            one -> one.isTrue("autoCreateTopicEnable"),
            "autoCreateTopicEnable",
            "A mistyped name makes a topic that nobody reads, and not in order.",
            "autoCreateTopicEnable=false" + IN_FILE));
  }

  private Finding groups() {
    return none(
        Check.warning("auto-create-groups", where),
        "A group that nobody made is refused.",
        new Fault<>(
            one -> one.isTrue("autoCreateSubscriptionGroup"),
            "autoCreateSubscriptionGroup",
            "A group that is made on the way is not in order, and skips what is there.",
            "autoCreateSubscriptionGroup=false" + IN_FILE));
  }

  private Finding type() {
    return none(
        Check.warning("message-type", where),
        "Lanes are in order.",
        new Fault<>(
            one -> !one.topicType().equals("FIFO"),
            "message.type is not FIFO",
            "Messages of a key may be handed out in any order.",
            "mqadmin updateTopic -a +message.type=FIFO"));
  }
}
