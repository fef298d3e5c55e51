// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.jdbc.JdbcOutbox;
import io.bowline.outbox.Parked;
import io.bowline.outbox.Pending;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bowline outbox list}. */
@Command(
    name = "list",
    description = "Counts what waits in an outbox, and lists what is parked. Changes nothing.",
    footer = {
      "",
      "Ends with 1 if something is parked: the broker refused it, and it waits for a person. So",
      "it does if nothing was ever heard of an outbox of this name.",
      "",
      "  bowline outbox list jdbc:postgresql://db/beans --store-user me trades"
    })
final class OutboxListCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final StoreAccess store;

  @Parameters(index = "1", paramLabel = "NAME", description = "The name of the outbox.")
  private String name = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Lists so many of what is parked, ${DEFAULT-VALUE} by default.")
  private int limit;

  OutboxListCommand(Terminal terminal) {
    output = new Output(terminal);
    store = new StoreAccess(terminal);
  }

  @Override
  public Integer call() {
    JdbcOutbox outbox = store.outbox(name);
    Pending pending = outbox.pending();
    List<Parked> parked = outbox.parked(limit);
    boolean known = store.outboxKeys(name).known();
    if (output.isJson()) {
      output.document(json(known, pending, parked));
    } else if (known) {
      print(pending, parked);
    } else {
      output.print(
          "Nothing was ever heard of outbox %s: is that how it is called?"
              .formatted(Output.harmless(name)));
    }
    return Exit.of(known && pending.parked() == 0);
  }

  private void print(Pending pending, List<Parked> parked) {
    if (!parked.isEmpty()) {
      Table table = new Table("TOKEN", "TOPIC", "KEY", "MESSAGE", "SINCE", "REASON");
      parked.forEach(
          one ->
              table.row(
                  one.token(),
                  one.topic(),
                  one.key().isEmpty() ? "-" : one.key(),
                  one.messageId(),
                  one.since(),
                  one.reason()));
      output.print(table.toString());
    }
    String oldest = pending.rows() == 0 ? "" : ", the oldest for " + Spans.shown(pending.oldest());
    String line =
        "%d messages wait in outbox %s%s; %d keys or messages are parked"
            .formatted(pending.rows(), name, oldest, pending.parked());
    Output.Colour colour = pending.parked() > 0 ? Output.Colour.RED : Output.Colour.GREEN;
    output.print(output.coloured(colour, line));
  }

  private Map<String, @Nullable Object> json(boolean known, Pending pending, List<Parked> parked) {
    return Output.fields(
        "outbox",
        name,
        "known",
        known,
        "messages",
        pending.rows(),
        "oldestSeconds",
        Spans.seconds(pending.oldest()),
        "parked",
        pending.parked(),
        "keys",
        parked.stream().map(OutboxListCommand::json).toList());
  }

  private static Map<String, @Nullable Object> json(Parked one) {
    return Output.fields(
        "token",
        one.token(),
        "topic",
        one.topic(),
        "key",
        one.key().isEmpty() ? null : one.key(),
        "messageId",
        one.messageId(),
        "since",
        one.since().toString(),
        "reason",
        one.reason());
  }
}
