// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.gap.ChainState;
import io.bowline.gap.ChainState.Absent;
import io.bowline.gap.Gap.KeyNumbers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bowline gaps}: what a group misses, by what its members saved. */
@Command(
    name = "gaps",
    description = {
      "Says what a group misses of a topic, by the store of its members.",
      "Changes nothing, and asks no broker."
    },
    footer = {
      "",
      "A GAP is missing, and was told; a SUSPECT may still come. Ends with 1 if there is a gap,",
      "or if the store knows nothing of such a group.",
      "",
      "  bowline gaps jdbc:postgresql://db/beans --store-user me beans.deduct bean-service",
      "  bowline gaps redis://localhost:6379 beans.deduct bean-service --chains"
    })
final class GapsCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final StoreAccess store;

  @Parameters(index = "1", paramLabel = "TOPIC", description = "The topic.")
  private String topic = "";

  @Parameters(index = "2", paramLabel = "GROUP", description = "The group that reads it.")
  private String group = "";

  @Option(names = "--chains", description = "Shows also how far each chain is completed.")
  private boolean chains;

  private final Clock clock = Clock.systemUTC();

  private record Missed(int lane, ChainState chain, Absent absent) {
    long numbers() {
      return absent.to() - absent.from() + 1;
    }

    String state() {
      return absent.told() ? "GAP" : "SUSPECT";
    }

    Instant since() {
      return Instant.ofEpochMilli(absent.since());
    }
  }

  GapsCommand(Terminal terminal) {
    output = new Output(terminal);
    store = new StoreAccess(terminal);
  }

  @Override
  public Integer call() {
    Map<Integer, List<ChainState>> saved = store.gaps(all -> all.read(topic, group));
    Map<Integer, List<ChainState>> lanes = new TreeMap<>(saved);
    List<Missed> missed = missed(lanes);
    List<Missed> gaps = missed.stream().filter(one -> one.absent.told()).toList();
    boolean known = lanes.values().stream().anyMatch(all -> !all.isEmpty());
    if (output.isJson()) {
      output.document(json(lanes, missed, known && gaps.isEmpty()));
    } else if (known) {
      print(lanes, missed);
    } else {
      output.print(
          "Nothing is saved of topic %s for group %s: is that how they are called?"
              .formatted(topic, group));
    }
    return Exit.of(known && gaps.isEmpty());
  }

  private static List<Missed> missed(Map<Integer, List<ChainState>> lanes) {
    List<Missed> all = new ArrayList<>();
    lanes.forEach(
        (lane, chains) ->
            chains.forEach(
                chain ->
                    chain.missing().forEach(absent -> all.add(new Missed(lane, chain, absent)))));
    all.sort(Comparator.comparing(Missed::state).thenComparing(Missed::since));
    return all;
  }

  private void print(Map<Integer, List<ChainState>> lanes, List<Missed> missed) {
    if (!missed.isEmpty()) {
      Table table = new Table("STATE", "LANE", "SOURCE", "EPOCH", "NUMBERS", "FOR", "KEYS");
      missed.forEach(one -> row(table, one));
      output.print(table.toString());
    }
    if (chains) {
      Table table = new Table("LANE", "SOURCE", "EPOCH", "COMPLETED", "SET ASIDE", "DUPLICATES");
      lanes.forEach((lane, all) -> all.forEach(chain -> row(table, lane, chain)));
      output.print(table.toString());
    }
    long gaps = missed.stream().filter(one -> one.absent.told()).count();
    String line =
        "%d gaps, %d suspects, %d chains in %d lanes"
            .formatted(
                gaps,
                missed.size() - gaps,
                lanes.values().stream().mapToInt(List::size).sum(),
                lanes.size());
    output.print(output.coloured(gaps > 0 ? Output.Colour.RED : Output.Colour.GREEN, line));
  }

  private void row(Table table, Missed one) {
    table.row(
        one.state(),
        one.lane,
        one.chain.source(),
        Long.toHexString(one.chain.epoch()),
        range(one.absent.from(), one.absent.to()),
        Spans.shown(Duration.between(one.since(), clock.instant())),
        one.absent.keys().stream().map(KeyNumbers::toString).collect(Collectors.joining(" ")));
  }

  private static void row(Table table, int lane, ChainState chain) {
    table.row(
        lane,
        chain.source(),
        Long.toHexString(chain.epoch()),
        range(chain.extent().base(), chain.extent().watermark()),
        chain.counts().setAside().stream().mapToLong(range -> range.to() - range.from() + 1).sum(),
        chain.counts().duplicates());
  }

  private static String range(long from, long to) {
    return from == to ? "" + from : from + ".." + to;
  }

  private Map<String, @Nullable Object> json(
      Map<Integer, List<ChainState>> lanes, List<Missed> missed, boolean fine) {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    lanes.forEach((lane, chains) -> chains.forEach(chain -> all.add(json(lane, chain))));
    return Output.fields(
        "topic",
        topic,
        "group",
        group,
        "fine",
        fine,
        "missing",
        missed.stream().map(GapsCommand::json).toList(),
        "chains",
        all);
  }

  private static Map<String, @Nullable Object> json(int lane, ChainState chain) {
    return Output.fields(
        "lane",
        lane,
        "source",
        chain.source(),
        "epoch",
        Long.toHexString(chain.epoch()),
        "base",
        chain.extent().base(),
        "watermark",
        chain.extent().watermark(),
        "duplicates",
        chain.counts().duplicates());
  }

  private static Map<String, @Nullable Object> json(Missed one) {
    return Output.fields(
        "state",
        one.state(),
        "lane",
        one.lane,
        "source",
        one.chain.source(),
        "epoch",
        Long.toHexString(one.chain.epoch()),
        "from",
        one.absent.from(),
        "to",
        one.absent.to(),
        "count",
        one.numbers(),
        "since",
        one.since().toString(),
        "keys",
        one.absent.keys().stream()
            .map(key -> Output.fields("key", key.key(), "from", key.from(), "to", key.to()))
            .toList());
  }
}
