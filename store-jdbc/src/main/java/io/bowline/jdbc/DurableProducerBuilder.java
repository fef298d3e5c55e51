// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.Bowline;
import io.bowline.message.Names;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/** Settings of a {@link DurableProducer}, each with a safe default. Not thread-safe. */
public final class DurableProducerBuilder {
  /** The one outbox in the file. */
  private static final String OUTBOX = "durable";

  private final Path path;
  private final String source;
  private long mostPending = JdbcOutbox.DEFAULT_MOST_PENDING;
  private Duration kept = Duration.ZERO;
  private boolean forced = true;

  DurableProducerBuilder(Path path, String source) {
    this.path = Objects.requireNonNull(path);
    this.source = Names.required("source", source);
  }

  /**
   * Whether {@code send} waits until the disk itself has the message, as by default: then a power
   * cut loses nothing that was acknowledged, as far as the disk keeps its word. If not, the
   * operating system has it: the end of the process in any way loses nothing, and a power cut, or a
   * crash of the whole machine, may lose the last seconds.
   */
  public DurableProducerBuilder forced(boolean toTheDisk) {
    this.forced = toTheDisk;
    return this;
  }

  /**
   * How many messages may wait before {@code send} fails with {@link OutboxFull}: 1,000,000 by
   * default. Counted now and then, so that some more may come in.
   *
   * @throws IllegalArgumentException unless it is at least 1 and at most 10,000,000
   */
  public DurableProducerBuilder mostPending(long messages) {
    OutboxBound.check(messages);
    this.mostPending = messages;
    return this;
  }

  /**
   * Keeps what was sent for as long, as {@link JdbcOutbox#keepSent} says; not by default.
   *
   * @throws IllegalArgumentException unless it is above 0
   */
  public DurableProducerBuilder keepSent(Duration atLeast) {
    if (atLeast.isNegative() || atLeast.isZero()) {
      throw new IllegalArgumentException("keepSent is above 0, but it was " + atLeast);
    }
    this.kept = atLeast;
    return this;
  }

  /**
   * Opens the file, or makes it with what it needs, and takes messages from then on. The broker may
   * be away: it is asked for in the background, again and again, at least every {@link
   * DurableProducer#CONNECTS_AT_LEAST_EVERY}.
   *
   * @param broker connects, as by {@code () -> Bowline.connect("kafka://…")}. What it returns is
   *     closed with the producer
   * @throws IllegalStateException if H2 is not on the class path, or this process has the file open
   * @throws JdbcStoreException if the file cannot be opened: another process has it, or it cannot
   *     be written
   */
  public DurableProducer open(Supplier<Bowline> broker) {
    Objects.requireNonNull(broker);
    H2File file = new H2File(path, H2File.DRIVER);
    try {
      JdbcSchema.of(file).create();
      JdbcOutbox outbox =
          JdbcOutbox.in(file, OUTBOX).keySequences(source).mostPending(mostPending, true);
      JdbcOutbox keeping = kept.isZero() ? outbox : outbox.keepSent(kept);
      keeping.freeLanes(); // those of a process that had the file before, and cannot have it now
      BrokerLink link = new BrokerLink(keeping, source, broker);
      return new DurableProducer(file, keeping, link, forced);
    } catch (RuntimeException failure) {
      file.close();
      throw failure;
    }
  }
}
