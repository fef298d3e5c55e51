// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.jdbc.JdbcOutbox;
import io.bowline.outbox.Parked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bowline outbox retry}. */
@Command(
    name = "retry",
    description = "Lets what is parked in an outbox be sent again, in its old order.",
    footer = {
      "",
      "An outbox whose keys have numbers says of which source, as its relays do. Ends with 1 if",
      "nothing is parked under one of the tokens.",
      "",
      "  bowline outbox retry jdbc:postgresql://db/beans --store-user me trades --token 9f0c…",
      "  bowline outbox retry jdbc:postgresql://db/beans --store-user me trades --all"
    })
final class OutboxRetryCommand implements Callable<Integer> {
  /** How many are let go by {@code --all} at once. */
  private static final int MOST = 10_000;

  @Mixin private final Output output;
  @Mixin private final StoreAccess store;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "1", paramLabel = "NAME", description = "The name of the outbox.")
  private String name = "";

  @ArgGroup(multiplicity = "1")
  private Choice choice = new Choice();

  @Option(
      names = "--key-sequences",
      paramLabel = "SOURCE",
      description = "The source of the numbers of its keys, if they have some.")
  private @Nullable String source;

  /** One of these. */
  private static final class Choice {
    @Option(names = "--all", required = true, description = "All that is parked.")
    private boolean all;

    @Option(
        names = "--token",
        required = true,
        paramLabel = "TOKEN",
        description = "What list shows under this token; may be repeated.")
    private @Nullable List<String> tokens;
  }

  OutboxRetryCommand(Terminal terminal) {
    output = new Output(terminal);
    store = new StoreAccess(terminal);
  }

  @Override
  public Integer call() {
    JdbcOutbox outbox = store.outbox(name);
    JdbcOutbox numbered = source == null ? outbox : outbox.keySequences(source);
    Map<String, Boolean> done = new LinkedHashMap<>();
    for (String token : tokens(outbox)) {
      done.put(token, unpark(numbered, token));
    }
    if (output.isJson()) {
      output.document(Output.fields("outbox", name, "tokens", done));
    } else {
      done.forEach(
          (token, was) ->
              output.print(token + (was ? " is sent again" : ": nothing is parked under it")));
      output.print(done.values().stream().filter(was -> was).count() + " of " + done.size());
    }
    return Exit.of(!done.containsValue(false));
  }

  private List<String> tokens(JdbcOutbox outbox) {
    List<String> named = choice.tokens == null ? List.of() : choice.tokens;
    return choice.all ? outbox.parked(MOST).stream().map(Parked::token).toList() : named;
  }

  private boolean unpark(JdbcOutbox outbox, String token) {
    try {
      return outbox.unpark(token);
    } catch (IllegalArgumentException notOne) {
      throw new ParameterException(
          spec.commandLine(), "'" + Output.harmless(token) + "' is no token as list shows them");
    }
  }
}
