// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.Bowline;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.Provisioning;
import io.bowline.transport.Provisioning.Part;
import io.bowline.transport.Provisioning.Part.State;
import io.bowline.transport.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bowline ensure}: a topic as it should be, with its groups and its dead letters. */
@Command(
    name = "ensure",
    description = {
      "Makes a topic with its groups and its dead letters, unless they are there.",
      "What is there is never changed or deleted: what is otherwise is told, with both sides."
    },
    footer = {
      "",
      "Ends with 1 if something is otherwise than asked for; with --dry-run also if it is missing.",
      "",
      "  bowline ensure kafka://localhost:9092 beans.deduct --lanes 8 --dry-run",
      "  bowline ensure rabbitmq://localhost beans.deduct --lanes 8 --group bean-service \\",
      "      --dead-letters beans.dead"
    })
final class EnsureCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final Access access;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "1", paramLabel = "TOPIC", description = "The topic.")
  private String topic = "";

  @Option(
      names = "--lanes",
      paramLabel = "N",
      defaultValue = "" + TopicSpec.DEFAULT_LANES,
      description = "How many lanes it has, ${DEFAULT-VALUE} by default.")
  private int lanes;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "A group that must receive all from now on; may be repeated.")
  private List<String> groups = new ArrayList<>();

  @Option(
      names = "--dead-letters",
      paramLabel = "TOPIC",
      description = "The topic of its dead letters, with a group to replay those of each group.")
  private @Nullable String deadLetters;

  @Option(names = "--dry-run", description = "Makes nothing, and says what would be made.")
  private boolean dryRun;

  EnsureCommand(Terminal terminal) {
    output = new Output(terminal);
    access = new Access(terminal);
  }

  @Override
  public Integer call() {
    TopicSpec wanted = wanted();
    try (Bowline bowline = access.connect()) {
      BrokerAdmin admin = bowline.admin();
      Provisioning provisioning = dryRun ? admin.plan(wanted) : admin.ensure(wanted);
      if (output.isJson()) {
        output.document(json(provisioning));
      } else {
        provisioning.parts().forEach(part -> output.print(coloured(part)));
        output.print(counts(provisioning));
      }
      return Exit.of(provisioning.isAsAsked());
    }
  }

  private TopicSpec wanted() {
    try {
      TopicSpec wanted = TopicSpec.of(topic).lanes(lanes).groups(groups.toArray(String[]::new));
      return deadLetters == null ? wanted : wanted.deadLetters(deadLetters);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private String coloured(Part part) {
    Output.Colour colour =
        switch (part.state()) {
          case MADE, PRESENT -> Output.Colour.GREEN;
          case MISSING, UNREAD -> Output.Colour.YELLOW;
          case DIFFERENT -> Output.Colour.RED;
        };
    return output.firstWordColoured(colour, part.toString());
  }

  private static String counts(Provisioning provisioning) {
    String counted =
        List.of(State.values()).stream()
            .filter(state -> !provisioning.parts(state).isEmpty())
            .map(state -> provisioning.parts(state).size() + " " + word(state))
            .collect(Collectors.joining(", "));
    return provisioning.topic() + ": " + counted;
  }

  private static String word(State state) {
    return switch (state) {
      case MISSING -> "missing";
      case MADE -> "made";
      case PRESENT -> "as it should be";
      case DIFFERENT -> "different, and left as it is";
      case UNREAD -> "not to be read";
    };
  }

  private Map<String, @Nullable Object> json(Provisioning provisioning) {
    return Output.fields(
        "topic",
        provisioning.topic(),
        "lanes",
        provisioning.lanes(),
        "dryRun",
        dryRun,
        "asAsked",
        provisioning.isAsAsked(),
        "parts",
        provisioning.parts().stream()
            .map(
                part ->
                    Output.fields(
                        "what", part.what(),
                        "state", part.state().name(),
                        "wanted", part.wanted(),
                        "found", part.found()))
            .toList());
  }
}
