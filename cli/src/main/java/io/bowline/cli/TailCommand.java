// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.Bowline;
import io.bowline.consumer.Postponed;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.id.UuidV7Ids;
import io.bowline.message.Received;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bowline tail}: what a topic brings, as a group of its own. */
@Command(
    name = "tail",
    description = {
      "Shows the messages of a topic as they come, until Ctrl-C.",
      "Key and body, a line each. It reads as a group of its own, so nobody misses anything."
    },
    footer = {
      "",
      "Kafka and RocketMQ begin with the oldest message they keep; RabbitMQ with the next one.",
      "What is left behind is told at the end.",
      "",
      "  bowline tail kafka://localhost:9092 beans.deduct --count 10",
      "  bowline tail kafka://localhost:9092 beans.deduct --key user-7 --json"
    })
final class TailCommand implements Callable<Integer> {
  /** A queue that nobody reads keeps all that comes, so RabbitMQ is to delete it in 5 min. */
  private static final String EXPIRE_MILLIS = "300000";

  private static final Duration LOOK = Duration.ofMillis(100);

  @Mixin private final Output output;
  @Mixin private final Access access;

  @Parameters(index = "1", paramLabel = "TOPIC", description = "The topic.")
  private String topic = "";

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Reads as this group, and goes on where it ended; never that of a service.")
  private @Nullable String group;

  @Option(names = "--count", paramLabel = "N", description = "Ends after so many.")
  private long count = Long.MAX_VALUE;

  @Option(
      names = "--idle",
      paramLabel = "SPAN",
      description = "Ends with 1 if nothing comes for so long.")
  private @Nullable Duration idle;

  @Option(names = "--key", paramLabel = "KEY", description = "Shows those of this key only.")
  private @Nullable String key;

  @Option(names = "--full", description = "Shows ids, headers and lanes too, several lines each.")
  private boolean full;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      defaultValue = MessageView.BYTES,
      description = "Shows so many bytes of a body, ${DEFAULT-VALUE} by default.")
  private int bytes;

  private final AtomicLong shown = new AtomicLong();
  private volatile long lastNews;

  TailCommand(Terminal terminal) {
    output = new Output(terminal);
    access = new Access(terminal);
  }

  @Override
  public Integer call() {
    if (group == null && access.kind().equals("rabbitmq")) {
      access.prefer("queues.expire", EXPIRE_MILLIS);
    }
    String reader = group == null ? "bowline-tail-" + UuidV7Ids.system().next() : group;
    try (Bowline bowline = access.connect();
        Stop stop = Stop.atInterrupt()) {
      lastNews = System.nanoTime();
      ReliableConsumer consumer =
          bowline.consumer(topic, reader).concurrency(1).start(message -> take(message, stop));
      boolean enough = await(stop);
      consumer.close();
      output.remark(leftBehind(reader));
      return Exit.of(enough);
    }
  }

  /** Whether it ended as it was asked to. */
  private boolean await(Stop stop) {
    while (!stop.isAsked(LOOK)) {
      if (idle != null && System.nanoTime() - lastNews > idle.toNanos()) {
        output.remark("Nothing came for " + Spans.shown(idle));
        return false;
      }
    }
    return true;
  }

  private void take(Received message, Stop stop) {
    if (shown.get() >= count) {
      throw new Postponed("Enough were shown");
    }
    lastNews = System.nanoTime();
    if (key != null && !message.key().filter(key::equals).isPresent()) {
      return;
    }
    show(message);
    if (shown.incrementAndGet() >= count) {
      stop.ask();
    }
  }

  private void show(Received message) {
    MessageView view = new MessageView(message, bytes);
    if (output.isJson()) {
      output.line(view.json());
    } else {
      output.print(full ? view.page() + "\n" : view.line());
    }
  }

  private String leftBehind(String reader) {
    String removal =
        switch (access.kind()) {
          case "kafka" ->
              "Kafka forgets it after offsets.retention.minutes, at once by"
                  + " kafka-consumer-groups.sh --delete --group "
                  + reader;
          case "rabbitmq" ->
              group == null
                  ? "RabbitMQ deletes its queues in 5 minutes"
                  : "Its queues keep what comes until you delete them: rabbitmqctl delete_queue";
          case "rocketmq" -> "mqadmin deleteSubGroup -g " + reader + " removes it";
          default -> "Nobody else uses it";
        };
    return "Group %s of topic %s is left behind. %s".formatted(reader, topic, removal);
  }
}
