// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.producer.Outcome;
import io.bowline.producer.ReliableProducer;
import io.bowline.producer.SendException;
import io.bowline.transport.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bowline send}: one message, and how it ended. */
@Command(
    name = "send",
    description = "Sends one message, and says how that ended.",
    footer = {
      "",
      "CONFIRMED ends with 0: the broker has it. REJECTED ends with 1: it has not. UNKNOWN ends",
      "with 1: it may have it; send it again only under the id that is told.",
      "",
      "  bowline send kafka://localhost:9092 beans.deduct 100 --key user-7",
      "  bowline send rabbitmq://localhost beans.deduct --key user-7 --header kind=test < body"
    })
final class SendCommand implements Callable<Integer> {
  @Mixin private final Output output;
  @Mixin private final Access access;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "1", paramLabel = "TOPIC", description = "The topic.")
  private String topic = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "BODY",
      description = "The body as text; without it the standard input is the body.")
  private @Nullable String body;

  @Option(names = "--key", paramLabel = "KEY", description = "Its key.")
  private @Nullable String key;

  @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header; may be repeated.")
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(names = "--id", paramLabel = "ID", description = "Its message id; a new one without.")
  private @Nullable String id;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      defaultValue = "bowline-cli",
      description = "The producer's name on the message, ${DEFAULT-VALUE} by default.")
  private String source = "";

  @Option(
      names = "--deadline",
      paramLabel = "SPAN",
      defaultValue = "30s",
      description = "How long it is tried, ${DEFAULT-VALUE} by default.")
  private Duration deadline = Duration.ZERO;

  private final Terminal terminal;

  SendCommand(Terminal terminal) {
    this.terminal = terminal;
    output = new Output(terminal);
    access = new Access(terminal);
  }

  @Override
  public Integer call() {
    Message message = message();
    if (deadline.compareTo(access.timeout()) < 0) {
      throw new ParameterException(
          spec.commandLine(), "The --deadline must not be shorter than the --timeout of one try");
    }
    try (Bowline bowline = access.connect();
        ReliableProducer producer = bowline.producer(source).deadline(deadline).open()) {
      return confirmed(producer.send(message).join());
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof SendException unconfirmed) {
        return unconfirmed(unconfirmed);
      }
      throw failed;
    }
  }

  private Message message() {
    try {
      Message message = Message.to(topic).headers(headers);
      message = key == null ? message : message.key(key);
      message = id == null ? message : message.id(id);
      return body == null ? message.body(input()) : message.text(body);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private byte[] input() {
    if (terminal.live()) {
      output.remark("The body is read from here; end it with Ctrl-D");
    }
    try {
      return terminal.in().readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("The body cannot be read", unreadable);
    }
  }

  private int confirmed(Receipt receipt) {
    if (output.isJson()) {
      output.document(
          Output.fields(
              "outcome",
              Outcome.CONFIRMED.name(),
              "id",
              receipt.messageId(),
              "topic",
              receipt.topic(),
              "lane",
              receipt.lane(),
              "position",
              receipt.position()));
    } else {
      String position = receipt.position().isEmpty() ? "" : ", position " + receipt.position();
      output.print(
          "%s id %s in lane %d%s"
              .formatted(
                  output.coloured(Output.Colour.GREEN, "CONFIRMED"),
                  receipt.messageId(),
                  receipt.lane(),
                  position));
    }
    return Exit.FINE;
  }

  private int unconfirmed(SendException failure) {
    if (output.isJson()) {
      output.document(
          Output.fields(
              "outcome",
              failure.outcome().name(),
              "id",
              failure.messageId(),
              "topic",
              topic,
              "attempts",
              failure.attempts(),
              "reason",
              failure.getMessage()));
    } else {
      output.print(
          output.coloured(Output.Colour.RED, failure.outcome().name())
              + " id "
              + failure.messageId());
      output.remark(String.valueOf(failure.getMessage()));
    }
    return Exit.FINDINGS;
  }
}
