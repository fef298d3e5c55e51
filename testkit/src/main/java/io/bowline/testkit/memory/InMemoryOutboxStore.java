// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.message.Lanes;
import io.bowline.message.Message;
import io.bowline.outbox.LaneLease;
import io.bowline.outbox.OutboxRow;
import io.bowline.outbox.OutboxStore;
import io.bowline.outbox.Parked;
import io.bowline.outbox.Pending;
import io.bowline.outbox.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An outbox in memory, for tests: what is appended is committed at once. Thread-safe; several
 * relays of this JVM share it.
 */
public final class InMemoryOutboxStore implements OutboxStore {
  /** The most messages that wait: 100,000. */
  public static final int MOST = 100_000;

  private static final int LANES = 8;

  private final String name;
  private final Object lock = new Object();
  private final TreeMap<Long, Waiting> rows = new TreeMap<>();
  private final Map<String, Long> relays = new HashMap<>();
  private final Map<Integer, Lent> lanes = new HashMap<>();
  private final Map<String, Parked> parked = new LinkedHashMap<>();
  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
  private long lastId;

  private record Waiting(OutboxRow row, long since) {
    int lane() {
      Message message = row.message();
      return Lanes.of(message.key().orElse(message.id().orElseThrow()), LANES);
    }

    String line() {
      Message message = row.message();
      return message.topic() + message.key().map(key -> "/k" + key).orElse("/i" + message.id());
    }
  }

  private record Lent(LaneLease lease, long until) {
    boolean isOver() {
      return until - System.nanoTime() <= 0;
    }
  }

  /** An empty one. */
  public InMemoryOutboxStore(String name) {
    this.name = name;
    for (int lane = 0; lane < LANES; lane++) {
      lanes.put(lane, new Lent(new LaneLease(lane, "", 0), System.nanoTime()));
    }
  }

  /**
   * Appends messages that have ids.
   *
   * @throws IllegalStateException if more than {@link #MOST} would wait
   */
  public void append(List<Message> messages) {
    synchronized (lock) {
      if (rows.size() + messages.size() > MOST) {
        throw new IllegalStateException("%,d messages wait in memory".formatted(MOST));
      }
      for (Message message : messages) {
        lastId++;
        rows.put(lastId, new Waiting(new OutboxRow(lastId, 0, message), System.nanoTime()));
      }
    }
    wake();
  }

  /** Loses messages, as no store should. */
  public void lose(List<Long> ids) {
    synchronized (lock) {
      ids.forEach(rows::remove);
    }
  }

  private void wake() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public Standing beat(String relay, Duration lease) {
    synchronized (lock) {
      long until = System.nanoTime() + lease.toNanos();
      relays.put(relay, until);
      relays.values().removeIf(end -> end - System.nanoTime() <= 0);
      List<LaneLease> mine = new ArrayList<>();
      int free = 0;
      for (Map.Entry<Integer, Lent> one : lanes.entrySet()) {
        Lent lent = one.getValue();
        if (lent.lease.relay().equals(relay)) {
          one.setValue(new Lent(lent.lease, until));
          mine.add(lent.lease);
        } else if (lent.isOver()) {
          free++;
        }
      }
      return new Standing(mine, relays.size(), free);
    }
  }

  @Override
  public List<LaneLease> take(String relay, int most, Duration lease) {
    synchronized (lock) {
      List<LaneLease> taken = new ArrayList<>();
      for (Map.Entry<Integer, Lent> one : lanes.entrySet()) {
        Lent lent = one.getValue();
        if (taken.size() < most && lent.isOver()) {
          LaneLease fresh = new LaneLease(one.getKey(), relay, lent.lease.epoch() + 1);
          one.setValue(new Lent(fresh, System.nanoTime() + lease.toNanos()));
          taken.add(fresh);
        }
      }
      return taken;
    }
  }

  private boolean isHeld(LaneLease lease) {
    return lanes.getOrDefault(lease.lane(), new Lent(lease, 0)).lease.equals(lease);
  }

  private void free(LaneLease lease) {
    LaneLease nobody = new LaneLease(lease.lane(), "", lease.epoch());
    lanes.put(lease.lane(), new Lent(nobody, System.nanoTime()));
  }

  @Override
  public void giveBack(List<LaneLease> leases) {
    synchronized (lock) {
      leases.stream().filter(this::isHeld).forEach(this::free);
    }
  }

  @Override
  public void leave(String relay) {
    synchronized (lock) {
      relays.remove(relay);
      List<LaneLease> all = lanes.values().stream().map(Lent::lease).toList();
      all.stream().filter(lease -> lease.relay().equals(relay)).forEach(this::free);
    }
  }

  @Override
  public List<Integer> ready(String relay) {
    synchronized (lock) {
      return rows.values().stream()
          .filter(row -> !parked.containsKey(row.line()))
          .map(Waiting::lane)
          .distinct()
          .filter(lane -> relay.equals(owner(lane)))
          .toList();
    }
  }

  private String owner(int lane) {
    Lent lent = lanes.get(lane);
    return lent == null ? "" : lent.lease.relay();
  }

  @Override
  public List<OutboxRow> read(LaneLease lease, int most, long bytes) {
    synchronized (lock) {
      List<OutboxRow> read = new ArrayList<>();
      long size = 0;
      for (Waiting one : rows.values()) {
        if (size >= bytes || read.size() >= most) {
          break;
        }
        if (one.lane() == lease.lane() && !parked.containsKey(one.line())) {
          read.add(one.row);
          size += one.row.message().body().length;
        }
      }
      return read;
    }
  }

  @Override
  public boolean finish(LaneLease lease, List<Long> ids) {
    synchronized (lock) {
      boolean held = isHeld(lease);
      if (held) {
        ids.forEach(rows::remove);
      }
      return held;
    }
  }

  @Override
  public boolean park(LaneLease lease, OutboxRow row, String reason) {
    synchronized (lock) {
      boolean held = isHeld(lease);
      if (held) {
        Message message = row.message();
        String line = new Waiting(row, 0).line();
        String id = message.id().orElseThrow();
        var unused =
            parked.putIfAbsent(
                line,
                new Parked(
                    line, message.topic(), message.key().orElse(""), id, reason, Instant.EPOCH));
      }
      return held;
    }
  }

  @Override
  public List<Parked> parked(int most) {
    synchronized (lock) {
      return parked.values().stream().limit(most).toList();
    }
  }

  @Override
  public boolean unpark(String token) {
    synchronized (lock) {
      if (parked.remove(token) == null) {
        return false;
      }
    }
    wake();
    return true;
  }

  @Override
  public Pending pending() {
    synchronized (lock) {
      long now = System.nanoTime();
      long oldest =
          rows.values().stream()
              .filter(row -> !parked.containsKey(row.line()))
              .mapToLong(row -> now - row.since)
              .max()
              .orElse(0);
      return new Pending(rows.size(), Duration.ofNanos(oldest), parked.size());
    }
  }

  @Override
  public boolean numbered() {
    return false;
  }

  @Override
  public Listening listen(Runnable woken) {
    Runnable own = () -> woken.run(); // so that each listens for itself
    listeners.add(own);
    return () -> listeners.remove(own);
  }
}
