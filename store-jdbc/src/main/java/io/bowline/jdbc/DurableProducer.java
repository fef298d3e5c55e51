// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.message.Message;
import io.bowline.outbox.OutboxRelay;
import io.bowline.outbox.Pending;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Stores messages in a file and forwards them: for services without a database, which must not lose
 * what they had to say while the broker is away, for hours too, and while they are restarted. An
 * {@link JdbcOutbox} in a file of H2, with its relay.
 *
 * <pre>{@code
 * try (DurableProducer producer =
 *     DurableProducer.at(Path.of("/var/lib/shop/outbox"), "shop")
 *         .open(() -> Bowline.connect("kafka://localhost:9092"))) {
 *   String id = producer.send(Message.to("beans.deduct").key("user-7").text("100"));
 * }
 * }</pre>
 *
 * <p>What {@code send} returned for is sent once the broker is there, by this process or by the
 * next one with this file, at least once and always under its id; messages of one key in the order
 * in which they were sent. A file serves one process at a time. Needs {@code com.h2database:h2} on
 * the class path. What a crash, a power cut and a full disk do is in {@code docs/outbox.md}.
 * Thread-safe.
 */
public final class DurableProducer implements AutoCloseable {
  /** The longest pause between two tries to reach a broker that was not reached yet: 5 s. */
  public static final Duration CONNECTS_AT_LEAST_EVERY = Duration.ofSeconds(5);

  private final H2File file;
  private final JdbcOutbox outbox;
  private final BrokerLink link;
  private final boolean forced;
  private final Object writing = new Object();
  private long committed;
  private long written;

  DurableProducer(H2File file, JdbcOutbox outbox, BrokerLink link, boolean forced) {
    this.file = file;
    this.outbox = outbox;
    this.link = link;
    this.forced = forced;
  }

  /**
   * A producer with this file, to be set up and opened.
   *
   * @param path where the file is, without the ending {@code .mv.db}; its folder is made if it is
   *     not there. Each instance of a service has its own, on a disk that outlives it
   * @param source the producer's stable name, such as the service's
   */
  public static DurableProducerBuilder at(Path path, String source) {
    return new DurableProducerBuilder(path, source);
  }

  /**
   * Stores a message; returns once it is written. The broker is not waited for.
   *
   * @return its id, a new one if it has none
   * @throws OutboxFull if too many messages wait; it is not stored
   * @throws JdbcStoreException if it could not be written, as on a full disk; if that is {@link
   *     JdbcStoreException#unknown()} it may be stored all the same: send it again under its id
   */
  public String send(Message message) {
    return send(List.of(message)).get(0);
  }

  /**
   * Stores several messages, all or none, in the order of the list: quicker than one by one.
   *
   * @return their ids
   */
  public List<String> send(List<Message> messages) {
    List<String> ids = stored(messages);
    try {
      write();
    } catch (SQLException failure) {
      throw failed(messages, failure, true);
    }
    outbox.wake();
    return ids;
  }

  private List<String> stored(List<Message> messages) {
    try {
      return OutboxTransaction.run(file, connection -> outbox.append(connection, messages));
    } catch (SQLException failure) {
      throw failed(messages, failure, false);
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception other) {
      throw new IllegalStateException("An append throws what it says", other);
    }
  }

  private JdbcStoreException failed(List<Message> messages, SQLException why, boolean unknown) {
    return new JdbcStoreException(
        "Storing %d messages in %s.mv.db %s: is there room on the disk? H2 says: %s"
            .formatted(
                messages.size(),
                file.path(),
                unknown ? "may have failed, or not" : "failed, and none is stored",
                why.getMessage()),
        why,
        unknown);
  }

  /** Who waits while another one writes finds its own written too, most often. */
  private void write() throws SQLException {
    long mine;
    synchronized (this) {
      mine = ++committed;
    }
    synchronized (writing) {
      if (written >= mine) {
        return;
      }
      long all;
      synchronized (this) {
        all = committed;
      }
      file.write(forced);
      written = all;
    }
  }

  /** How much waits, and for how long. */
  public Pending pending() {
    return outbox.pending();
  }

  /** The outbox in the file: to list and unpark what was refused, and to send again. */
  public JdbcOutbox outbox() {
    return outbox;
  }

  /** The relay, for its health; empty until the broker was reached for the first time. */
  public Optional<OutboxRelay> relay() {
    return link.relay();
  }

  /** Reaches for the broker at once, and has the relay {@link OutboxRelay#retryNow}. */
  public void retryNow() {
    link.retryNow();
  }

  /**
   * Takes up nothing new, lets what is under way end for at most {@link OutboxRelay#CLOSED_WITHIN},
   * lets go of the broker and closes the file. What is not confirmed by then stays in it.
   */
  @Override
  public void close() {
    link.close();
    file.close();
  }
}
