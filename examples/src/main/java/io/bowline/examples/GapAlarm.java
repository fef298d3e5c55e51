// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import io.bowline.Bowline;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.gap.Gap;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.message.Message;
import io.bowline.producer.ReliableProducer;
import io.bowline.report.GapReport;
import io.bowline.report.GapReport.Scope;
import io.bowline.report.InMemorySentLog;
import io.bowline.testkit.servers.Servers;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Receipt;
import io.bowline.transport.TopicSpec;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Loses two confirmed messages on a real Kafka on purpose, behind a group's back, and prints the
 * alarm that names them, and the report. Arguments: {@code [kafka://host:port]}; without address it
 * starts a broker. The exit status is 0 only if those two are named and nothing else.
 */
public final class GapAlarm {
  private static final int LANES = 4;
  private static final int FIRST = 20;
  private static final int LAST = 3;
  private static final int LOST = 2;
  private static final int PATIENCE_SECONDS = 60;
  private static final String GROUP = "bean-service";
  private static final String KEY = "user-7";

  private final PrintStream out = System.out;
  private final String address;
  private final String topic = "beans.deduct." + Long.toString(System.nanoTime(), 36);
  private final InMemoryGapStore completed = new InMemoryGapStore();
  private final InMemorySentLog sent = new InMemorySentLog();
  private final BlockingQueue<Gap> alarms = new LinkedBlockingQueue<>();
  private final Semaphore done = new Semaphore(0);

  GapAlarm(String address) {
    this.address = address;
  }

  /** Plays it. */
  public static void main(String[] args) throws InterruptedException, ExecutionException {
    String address = args.length > 0 ? args[0] : Servers.kafka().address();
    System.exit(new GapAlarm(address).play() ? 0 : 1);
  }

  /** Whether what was lost was named, and nothing else. */
  boolean play() throws InterruptedException, ExecutionException {
    Instant start = Instant.now();
    Gap alarm;
    try (Bowline bowline = Bowline.connect(address)) {
      bowline.admin().ensure(TopicSpec.of(topic).lanes(LANES).groups(GROUP));
      try (ReliableProducer producer = open(bowline)) {
        send(producer, FIRST);
        try (ReliableConsumer beans = start(bowline)) {
          await(FIRST, beans);
        }
        Receipt lastLost = send(producer, LOST);
        lose(lastLost);
        out.printf("Lost on purpose: %d orders of %s, the last at %s%n", LOST, KEY, lastLost);
        send(producer, LAST);
        try (ReliableConsumer beans = start(bowline)) {
          await(LAST, beans);
          alarm = alarms.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
      }
    }
    out.printf("ALARM %s%n", alarm);
    return told(start, alarm);
  }

  private boolean told(Instant start, @Nullable Gap alarm) {
    Scope scope = new Scope(topic, GROUP, start, Instant.now());
    GapReport report = GapReport.make(scope, sent, completed);
    out.print(report.text());
    long missing = report.sources().stream().mapToLong(source -> source.counts().missing()).sum();
    boolean named = alarm != null && alarm.to() - alarm.from() + 1 == LOST && alarms.isEmpty();
    out.printf("RESULT lost=%d named=%b missing=%d%n", LOST, named, missing);
    return named && missing == LOST;
  }

  private ReliableProducer open(Bowline bowline) {
    return bowline.producer("trade-service").sentLog(sent, Duration.ofSeconds(1)).open();
  }

  private ReliableConsumer start(Bowline bowline) {
    return bowline
        .consumer(topic, GROUP)
        .gapStore(completed)
        .onGap(alarms::add)
        .start(message -> done.release());
  }

  private void await(int count, ReliableConsumer beans) throws InterruptedException {
    if (!done.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "Some of " + count + " orders did not come: " + beans.health());
    }
  }

  /** Sends so many of one user, each confirmed; the receipt of the last. */
  private Receipt send(ReliableProducer producer, int count) {
    Message order = Message.to(topic).key(KEY).text("100");
    Receipt receipt = producer.send(order).join();
    for (int i = 1; i < count; i++) {
      receipt = producer.send(order).join();
    }
    return receipt;
  }

  /** What retention or an operator would do. */
  private void lose(Receipt last) throws InterruptedException, ExecutionException {
    BrokerAddress broker = BrokerAddress.parse(address);
    TopicPartition lane = new TopicPartition(topic, last.lane());
    RecordsToDelete before = RecordsToDelete.beforeOffset(Long.parseLong(last.position()) + 1);
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.hosts(9092)))) {
      admin.deleteRecords(Map.of(lane, before)).all().get();
    }
  }
}
