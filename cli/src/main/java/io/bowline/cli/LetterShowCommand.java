// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bowline dead-letters show}. */
@Command(
    name = "show",
    description = "Shows one dead letter with its headers and its body, and changes nothing.",
    footer = {
      "",
      "Ends with 1 if there is none of that id.",
      "",
      "  bowline dead-letters show kafka://localhost:9092 beans.dead bean-service 019a…"
    })
final class LetterShowCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final Letters letters;

  @Parameters(index = "3", paramLabel = "ID", description = "Its message id.")
  private String id = "";

  @Option(
      names = "--bytes",
      paramLabel = "N",
      defaultValue = MessageView.BYTES,
      description = "Shows so many bytes of the body, ${DEFAULT-VALUE} by default.")
  private int bytes;

  LetterShowCommand(Terminal terminal) {
    output = new Output(terminal);
    letters = new Letters(terminal, output);
  }

  @Override
  public Integer call() {
    Letters.Found found = letters.look(1, letter -> letter.id().equals(id));
    if (found.letters().isEmpty()) {
      var unused = letters.isDone(found.report());
      output.remark(
          "No dead letter of %s in %s has the id %s"
              .formatted(letters.group(), letters.topic(), id));
      return Exit.FINDINGS;
    }
    MessageView view = new MessageView(found.letters().get(0), bytes);
    if (output.isJson()) {
      output.document(view.json());
    } else {
      output.print(view.page());
    }
    return Exit.FINE;
  }
}
