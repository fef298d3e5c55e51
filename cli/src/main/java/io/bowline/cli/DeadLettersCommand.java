// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bowline dead-letters}: what died in a group's handler, and its way back. */
@Command(
    name = "dead-letters",
    description = "Lists the dead letters of a group, shows one, or replays them.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "All three read as group GROUP.replay, and leave what they do not replay. RabbitMQ and"
          + " RocketMQ",
      "must know that group: make it with the topic of the dead letters, so that it misses none."
    })
final class DeadLettersCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  void help(boolean wanted) {
    // The library shows it.
  }

  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new DeadLettersCommand())
        .addSubcommand(new LetterListCommand(terminal))
        .addSubcommand(new LetterShowCommand(terminal))
        .addSubcommand(new LetterReplayCommand(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: list, show or replay");
  }
}
