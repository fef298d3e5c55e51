// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import java.time.Duration;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code bowline}; what it can do is in {@code docs/command-line.md}. */
@Command(
    name = "bowline",
    description = "Looks at brokers and stores, and puts right what can be put right from here.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Addresses: kafka://host:9092, rabbitmq://user@host:5672/vhost,"
          + " rocketmq://proxy:8081?namesrv=host:9876",
      "Passwords: BOWLINE_PASSWORD or --password-file; for stores BOWLINE_STORE_PASSWORD.",
      "",
      "Exit status: 0 fine, 1 something was found or refused, 2 wrong usage, 3 not reached.",
      "",
      "A first look:  bowline audit kafka://localhost:9092 beans.deduct",
      "Each command:  bowline help COMMAND"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Runs what the arguments say, and ends this process with the status of that. */
  public static void main(String[] args) {
    System.exit(run(Terminal.system(), args));
  }

  /** Runs what the arguments say; what it returns is the exit status. */
  static int run(Terminal terminal, String... args) {
    int status = commandLine(terminal).execute(args);
    terminal.out().flush();
    terminal.err().flush();
    return status;
  }

  static CommandLine commandLine(Terminal terminal) {
    CommandLine all =
        new CommandLine(new Main())
            .addSubcommand(new AuditCommand(terminal))
            .addSubcommand(new EnsureCommand(terminal))
            .addSubcommand(new BacklogCommand(terminal))
            .addSubcommand(new GapsCommand(terminal))
            .addSubcommand(DeadLettersCommand.commandLine(terminal))
            .addSubcommand(OutboxCommand.commandLine(terminal))
            .addSubcommand(new SendCommand(terminal))
            .addSubcommand(new TailCommand(terminal))
            .addSubcommand(new AutoComplete.GenerateCompletion())
            .addSubcommand(new CommandLine.HelpCommand());
    Failures failures = new Failures();
    return all.setOut(terminal.out())
        .setErr(terminal.err())
        .registerConverter(Duration.class, Spans::parse)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which command to run");
  }
}
