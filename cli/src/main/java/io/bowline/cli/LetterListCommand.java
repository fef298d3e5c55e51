// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.message.DeadLetterHeaders;
import io.bowline.message.Received;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bowline dead-letters list}. */
@Command(
    name = "list",
    description = "Lists the dead letters of a group, and changes nothing.",
    footer = {"", "  bowline dead-letters list kafka://localhost:9092 beans.dead bean-service"})
final class LetterListCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final Letters letters;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Ends after so many, ${DEFAULT-VALUE} by default.")
  private int limit;

  LetterListCommand(Terminal terminal) {
    output = new Output(terminal);
    letters = new Letters(terminal, output);
  }

  @Override
  public Integer call() {
    Letters.Found found = letters.look(limit, letter -> true);
    boolean done = letters.isDone(found.report());
    if (output.isJson()) {
      output.document(
          Output.fields(
              "deadLetters",
              letters.topic(),
              "group",
              letters.group(),
              "complete",
              done && found.letters().size() < limit,
              "letters",
              found.letters().stream().map(LetterListCommand::json).toList()));
    } else {
      print(found.letters());
    }
    return Exit.of(done);
  }

  private void print(List<Received> found) {
    if (!found.isEmpty()) {
      Table table = new Table("ID", "KEY", "TOPIC", "DIED", "ATTEMPTS", "REASON");
      found.forEach(
          letter ->
              table.row(
                  letter.id(),
                  letter.key().orElse("-"),
                  shown(letter, DeadLetterHeaders.TOPIC),
                  shown(letter, DeadLetterHeaders.AT),
                  shown(letter, DeadLetterHeaders.ATTEMPTS),
                  shown(letter, DeadLetterHeaders.REASON)));
      output.print(table.toString());
    }
    String more = found.size() < limit ? "" : ", and perhaps more: see --limit";
    output.print(
        "%d dead letters of %s in %s%s"
            .formatted(found.size(), letters.group(), letters.topic(), more));
  }

  private static String shown(Received letter, String header) {
    String value = Letters.header(letter, header);
    return value == null || value.isEmpty() ? "-" : value;
  }

  private static Map<String, @Nullable Object> json(Received letter) {
    return Output.fields(
        "id",
        letter.id(),
        "key",
        letter.key().orElse(null),
        "topic",
        Letters.header(letter, DeadLetterHeaders.TOPIC),
        "at",
        Letters.header(letter, DeadLetterHeaders.AT),
        "attempts",
        Letters.header(letter, DeadLetterHeaders.ATTEMPTS),
        "exception",
        Letters.header(letter, DeadLetterHeaders.EXCEPTION),
        "reason",
        Letters.header(letter, DeadLetterHeaders.REASON));
  }
}
