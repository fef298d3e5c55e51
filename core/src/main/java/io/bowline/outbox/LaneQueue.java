// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one lane that a relay knows: which may be sent, which the broker has and are to
 * be taken away, which are to be parked. Of a key one is under way at a time, and after a failure
 * nothing later of it goes. Pure: times are nanoseconds of one steady clock.
 */
final class LaneQueue {
  /** The most messages under way at once: 256 of a lane. */
  static final int MOST_UNDER_WAY = 256;

  private final Map<Long, Place> known = new HashMap<>();
  private final Map<Object, Line> lines = new HashMap<>();
  private final Deque<Line> ready = new ArrayDeque<>();
  private final Set<Line> held = new LinkedHashSet<>();
  private final Set<Long> confirmed = new LinkedHashSet<>();
  private final Set<Long> finishing = new HashSet<>();
  private final Bygone bygone = new Bygone();
  private final List<Refused> refused = new ArrayList<>();
  private int underWay;
  private long bytes;

  /** What the broker refused. */
  record Refused(OutboxRow row, String reason) {}

  private record Place(OutboxRow row, Line line) {}

  /** The messages of one key. */
  private static final class Line {
    final Object name;
    final TreeMap<Long, OutboxRow> waiting = new TreeMap<>();
    @Nullable OutboxRow current;
    boolean stopped;
    long notBefore;

    Line(Object name) {
      this.name = name;
    }
  }

  /** What was read, whatever of it is known. */
  void read(List<OutboxRow> rows) {
    for (OutboxRow row : rows) {
      if (isKnown(row)) {
        continue;
      }
      Line line = lines.computeIfAbsent(row.line(), Line::new);
      if (line.stopped) {
        continue; // it is parked in a moment
      }
      known.put(row.id(), new Place(row, line));
      bytes += row.size();
      line.waiting.put(row.id(), row);
      if (line.current == null && line.waiting.size() == 1) {
        ready.add(line);
      }
    }
  }

  private boolean isKnown(OutboxRow row) {
    long id = row.id();
    return known.containsKey(id)
        || confirmed.contains(id)
        || finishing.contains(id)
        || bygone.contains(id)
        || bygone.contains(row.line());
  }

  /** The next one to send, which is under way now. */
  Optional<OutboxRow> next(long now) {
    held.removeIf(line -> dueAgain(line, now));
    Line line = underWay < MOST_UNDER_WAY ? ready.poll() : null;
    if (line == null) {
      return Optional.empty();
    }
    OutboxRow row = line.waiting.pollFirstEntry().getValue();
    line.current = row;
    underWay++;
    return Optional.of(row);
  }

  private boolean dueAgain(Line line, long now) {
    boolean due = now - line.notBefore >= 0;
    if (due) {
      ready.add(line);
    }
    return due;
  }

  /** The broker has it. */
  void confirmed(long id) {
    Place place = ended(id);
    if (place != null) {
      forget(place);
      confirmed.add(id);
      goOn(place.line);
    }
  }

  /** It was not sent, and may be tried again then; nothing of its key is sent before. */
  void failed(long id, long notBefore) {
    Place place = ended(id);
    if (place != null) {
      place.line.waiting.put(id, place.row);
      place.line.notBefore = notBefore;
      held.add(place.line);
    }
  }

  /** What failed may be tried again now. */
  void retryNow() {
    ready.addAll(held);
    held.clear();
  }

  /** The broker refuses it: nothing of its key is sent any more. */
  void refused(long id, String reason) {
    Place place = ended(id);
    if (place != null) {
      place.line.stopped = true;
      refused.add(new Refused(place.row, reason));
    }
  }

  /** What was under way, and is so no more. */
  private @Nullable Place ended(long id) {
    Place place = known.get(id);
    OutboxRow current = place == null ? null : place.line.current;
    if (place == null || current == null || current.id() != id) {
      return null;
    }
    place.line.current = null;
    underWay--;
    return place;
  }

  private void forget(Place place) {
    known.remove(place.row.id());
    bytes -= place.row.size();
  }

  private void goOn(Line line) {
    if (line.waiting.isEmpty()) {
      lines.remove(line.name);
    } else {
      ready.add(line);
    }
  }

  /** What the broker has and is still there. */
  List<Long> confirmed() {
    return List.copyOf(confirmed);
  }

  boolean hasConfirmed() {
    return !confirmed.isEmpty();
  }

  /** It is being taken away. */
  void finishing(Collection<Long> ids) {
    confirmed.removeAll(new HashSet<>(ids));
    finishing.addAll(ids);
  }

  /** It could not be taken away. */
  void notFinished(Collection<Long> ids) {
    finishing.removeAll(new HashSet<>(ids));
    confirmed.addAll(ids);
  }

  /**
   * It was taken away.
   *
   * @param reading the latest that may show it nevertheless
   */
  void finished(Collection<Long> ids, long reading) {
    Set<Long> gone = new HashSet<>(ids);
    confirmed.removeAll(gone);
    finishing.removeAll(gone);
    gone.forEach(id -> bygone.add(id, reading));
  }

  boolean isFinishing() {
    return !finishing.isEmpty();
  }

  /** All readings of rows up to this one were looked at. */
  void looked(long reading) {
    bygone.forget(reading);
  }

  /** What is to be parked. */
  List<Refused> refused() {
    return List.copyOf(refused);
  }

  /**
   * It is parked, and its key with it: nothing of that is known any more.
   *
   * @param reading the latest that may show it nevertheless
   */
  void parked(Refused one, long reading) {
    refused.remove(one);
    bygone.add(one.row.line(), reading);
    Place place = known.get(one.row.id());
    if (place != null) {
      drop(place.line);
      forget(place);
    }
  }

  private void drop(Line line) {
    for (OutboxRow row : line.waiting.values()) {
      known.remove(row.id());
      bytes -= row.size();
    }
    lines.remove(line.name);
    ready.remove(line);
    held.remove(line);
  }

  /**
   * The lane is another relay's now: what waits is forgotten. What is under way stays known, so
   * that it is not sent a second time if the lane comes back, and what the broker has stays so too.
   */
  void lost() {
    for (Line line : List.copyOf(lines.values())) {
      drop(line);
      OutboxRow current = line.current;
      line.waiting.clear();
      if (current != null) {
        lines.put(line.name, line);
      }
    }
    refused.forEach(one -> known.remove(one.row.id()));
    refused.clear();
    bytes = known.values().stream().mapToLong(place -> place.row.size()).sum();
  }

  /** How many are known that the broker does not have. */
  int size() {
    return known.size();
  }

  /** The bytes of the bodies of those. */
  long bytes() {
    return bytes;
  }

  int underWay() {
    return underWay;
  }
}
