// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bowline outbox}: what waits in an outbox, and what waits there for a person. */
@Command(
    name = "outbox",
    description = "Tells what waits in an outbox, parks keys, and lets them go.",
    synopsisSubcommandLabel = "COMMAND")
final class OutboxCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  void help(boolean wanted) {
    // The library shows it.
  }

  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new OutboxCommand())
        .addSubcommand(new OutboxListCommand(terminal))
        .addSubcommand(new OutboxRetryCommand(terminal))
        .addSubcommand(new OutboxParkCommand(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: list, retry or park");
  }
}
