// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.message.Received;
import io.bowline.retry.Retry;
import io.bowline.testkit.Scene.Place;
import io.bowline.transport.Connected;
import io.bowline.transport.Transport;
import io.bowline.transport.Transports;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The main class of a service that one message ends, each time it is handled: its attempts are
 * counted in a file, and limited. It ends in order when its standard input does.
 */
final class FatalProcess {
  /** What ends it. */
  static final String FATAL = "fatal";

  /** How a process ends by it. */
  static final int STATUS = 3;

  /** How often a message may be tried. */
  static final int LIMIT = 3;

  private FatalProcess() {}

  /** Where its dead letters go. */
  static String dead(String topic) {
    return topic + "-dead";
  }

  /** Where attempts are counted. */
  static Path attempts(Path journal) {
    return journal.resolveSibling(journal.getFileName() + ".attempts");
  }

  /** Runs until the message comes, killed, or alone. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    // A client's log must not mix with what the parent reads.
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    ServiceOrders orders = ServiceOrders.read(in);
    Place place = orders.places().get(0);
    try (EffectWriter effects = new EffectWriter(orders.journal(), orders.name());
        AttemptFile attempts = new AttemptFile(attempts(orders.journal()));
        Transport transport = Transports.open(orders.config())) {
      Connected broker = new Connected(transport, orders.config(), opened -> {});
      out.println(ChildJvm.JOINED); // before it joins: the message may be the first that comes
      ReliableConsumer consumer =
          new ConsumerBuilder(broker, place.topic(), place.group())
              .retry(Retry.attempts(LIMIT))
              .deadLetters(dead(place.topic()))
              .attempts(attempts)
              .start(message -> handle(message, effects));
      Objects.requireNonNull(consumer);
      while (in.read() >= 0) {
        // Nothing more is said; only the end matters.
      }
      Runtime.getRuntime().halt(0);
    }
  }

  private static void handle(Received message, EffectWriter effects) {
    effects.began(message);
    if (message.text().equals(FATAL)) {
      Runtime.getRuntime().halt(STATUS);
    }
    effects.did(message);
  }
}
