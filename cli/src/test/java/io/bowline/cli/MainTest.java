// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.cli.Shell.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class MainTest {
  @Test
  void withoutCommandTheUsageIsWrong() {
    wrong("Say which command to run", new String[0]);
    wrong("Say what to do: list, show or replay", "dead-letters");
    wrong("Say what to do", "outbox");
  }

  @Test
  void whatIsMissingIsNamed() {
    wrong("'ADDRESS', 'TOPIC', 'GROUP'", "backlog");
    wrong("--all | --id", "dead-letters", "replay", "memory://m", "dead", "group");
    wrong("--all | --token", "outbox", "retry", "jdbc:h2:mem:none", "trades");
  }

  @Test
  void aWordOfMisspelledCommandIsGuessed() {
    wrong("Did you mean: bowline audit?", "audi");
  }

  @Test
  void spansAndAddressesThatMakeNoSenseAreExplained() {
    wrong("write it like 500ms", "backlog", "memory://m", "t", "g", "--timeout", "soon");
    wrong("it has no scheme", "audit", "localhost:9092", "t");
    wrong("No transport for pigeon://", "audit", "pigeon://loft", "t");
    wrong("Not a store's address", "gaps", "jdbc:pigeon:loft", "t", "g");
    wrong("no token", "outbox", "retry", "jdbc:h2:mem:none", "trades", "--token", "xyz");
  }

  @Test
  void noPartOfAMalformedAddressIsTold() {
    Result result = Shell.run("audit", "kafka://me:s3cr/et@host", "t");
    assertEquals(Exit.USAGE, result.status(), result.err());
    assertFalse((result.out() + result.err()).contains("s3cr"), result.err());
    Result store = Shell.run("gaps", "jdbc:pigeon://me:s3cret@host", "t", "g");
    assertFalse((store.out() + store.err()).contains("s3cret"), store.err());
  }

  @Test
  void helpAndVersionAreFine() {
    assertEquals(Exit.FINE, Shell.run("--help").status());
    assertTrue(Shell.run("--version").out().startsWith("bowline "));
  }

  /** Each says what it is for, and gives an example or names its commands. */
  @Test
  void everyCommandTeaches() {
    List<CommandLine> all = new ArrayList<>(ours(Main.commandLine(terminal())));
    assertTrue(all.size() >= 10, () -> "Commands: " + all.size());
    for (CommandLine command : all) {
      String help = command.getUsageMessage();
      String name = command.getCommandSpec().qualifiedName();
      assertTrue(help.contains("  " + name) || help.contains("Commands:"), help);
    }
  }

  private static List<CommandLine> ours(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().stream()
        .filter(one -> one.getCommand().getClass().getPackageName().startsWith("io.bowline"))
        .forEach(one -> all.addAll(ours(one)));
    return all;
  }

  private static Terminal terminal() {
    return Terminal.system();
  }

  @Test
  void shellsCanCompleteIt() {
    Result script = Shell.run("generate-completion");
    assertEquals(Exit.FINE, script.status());
    assertTrue(script.out().contains("dead-letters"), script.out());
  }

  private static void wrong(String told, String... args) {
    Result result = Shell.run(args);
    assertEquals(Exit.USAGE, result.status(), result.err());
    assertTrue(result.err().contains(told), result.err());
    assertTrue(result.err().contains("More: bowline"), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
    assertEquals("", result.out());
  }
}
