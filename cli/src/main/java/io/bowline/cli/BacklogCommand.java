// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.Bowline;
import io.bowline.transport.Backlog;
import io.bowline.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bowline backlog}: what a topic holds that groups have not acknowledged. */
@Command(
    name = "backlog",
    description = {
      "Counts what a topic holds that groups have not acknowledged.",
      "Changes nothing."
    },
    footer = {
      "",
      "EXACT is so many; AT_MOST and AT_LEAST are bounds; ESTIMATE is neither.",
      "",
      "  bowline backlog kafka://localhost:9092 beans.deduct bean-service",
      "  bowline backlog kafka://localhost:9092 beans.deduct bean-service audit-log --watch",
      "  bowline backlog kafka://localhost:9092 beans.deduct bean-service --most 1000 || page-me"
    })
final class BacklogCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final Access access;

  @Parameters(index = "1", paramLabel = "TOPIC", description = "The topic.")
  private String topic = "";

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "GROUP",
      description = "The groups that read it.")
  private List<String> groups = new ArrayList<>();

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2s",
      paramLabel = "SPAN",
      description = "Asks again each 2 s, or each SPAN, until Ctrl-C, and tells the change.")
  private @Nullable Duration watch;

  @Option(names = "--lanes", description = "Shows the lanes too, where they are counted.")
  private boolean lanes;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "Ends with 1 if a group has more than so many messages left.")
  private @Nullable Long most;

  BacklogCommand(Terminal terminal) {
    output = new Output(terminal);
    access = new Access(terminal);
  }

  @Override
  public Integer call() {
    try (Bowline bowline = access.connect()) {
      BacklogTable table = new BacklogTable(output, lanes);
      List<Backlog> first = ask(bowline);
      table.show(first, Duration.ZERO, watch != null);
      return watch == null ? Exit.of(isWithin(first)) : watch(bowline, table, watch);
    }
  }

  private int watch(Bowline bowline, BacklogTable table, Duration every) {
    boolean within = true;
    long before = System.nanoTime();
    try (Stop stop = Stop.atInterrupt()) {
      while (!stop.isAsked(every)) {
        try {
          List<Backlog> next = ask(bowline);
          long now = System.nanoTime();
          table.show(next, Duration.ofNanos(now - before), true);
          before = now;
          within &= isWithin(next);
        } catch (TransportException passing) {
          output.remark(String.valueOf(passing.getMessage()));
          table.interrupted();
        }
      }
    }
    return Exit.of(within);
  }

  private List<Backlog> ask(Bowline bowline) {
    return groups.stream().map(group -> bowline.admin().backlog(topic, group)).toList();
  }

  private boolean isWithin(List<Backlog> all) {
    Long bound = most;
    return bound == null || all.stream().allMatch(backlog -> backlog.messages() <= bound);
  }
}
