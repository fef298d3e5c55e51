// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bowline outbox park}. */
@Command(
    name = "park",
    description = "Has a key of an outbox wait: its messages, until it is retried.",
    footer = {
      "",
      "What a relay has read before is sent all the same. Ends with 1 if it is parked already.",
      "",
      "  bowline outbox park jdbc:postgresql://db/beans --store-user me trades beans user-7 \\",
      "      --reason 'the account is being mended'"
    })
final class OutboxParkCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final StoreAccess store;

  @Parameters(index = "1", paramLabel = "NAME", description = "The name of the outbox.")
  private String name = "";

  @Parameters(index = "2", paramLabel = "TOPIC", description = "The topic of its messages.")
  private String topic = "";

  @Parameters(index = "3", paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Who parks it and why, for those who find it.")
  private String reason = "";

  OutboxParkCommand(Terminal terminal) {
    output = new Output(terminal);
    store = new StoreAccess(terminal);
  }

  @Override
  public Integer call() {
    boolean parked = store.outboxKeys(name).park(topic, key, reason);
    if (output.isJson()) {
      output.document(Output.fields("outbox", name, "topic", topic, "key", key, "parked", parked));
    } else {
      String how = parked ? "is parked" : "was parked before";
      output.print("Key %s of %s %s".formatted(Output.harmless(key), topic, how));
    }
    return Exit.of(parked);
  }
}
