// SPDX-License-Identifier: Apache-2.0
package io.bowline.cli;

import io.bowline.audit.Audited;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say what services make of the topics of an audit. */
final class Use {
  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "A group that must miss nothing; may be repeated.")
  private List<String> groups = new ArrayList<>();

  @Option(
      names = "--dead-letters",
      paramLabel = "TOPIC",
      description = "Where their dead letters go, which must be as safe.")
  private @Nullable String deadLetters;

  @Option(
      names = "--parking",
      paramLabel = "TOPIC",
      description = "Where messages are put off to, which must be as safe.")
  private @Nullable String parking;

  @Option(
      names = "--dedupe-window",
      paramLabel = "SPAN",
      description = "For how long it is remembered what took effect.")
  private @Nullable Duration dedupeWindow;

  @Option(
      names = "--keeps-sent",
      paramLabel = "SPAN",
      description = "For how long an outbox keeps what it sent.")
  private @Nullable Duration keepsSent;

  Audited of(String topic) {
    return new Audited(
        topic,
        groups,
        Optional.ofNullable(deadLetters),
        Optional.ofNullable(parking),
        Optional.ofNullable(dedupeWindow),
        Optional.ofNullable(keepsSent));
  }
}
