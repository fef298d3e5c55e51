// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.apache.rocketmq.client.apis.message.MessageView;
import org.jspecify.annotations.Nullable;

/**
 * What a member holds between receipt and acknowledgement, and what it may acknowledge: pure, for
 * one thread.
 *
 * <p>In order, a queue has one batch out. It hands out nothing more until all of it is
 * acknowledged, and when it is not, it hands out again <em>everything</em> from the first that was
 * missing, whatever was acknowledged after it. And a broker that crashed and forgot the batch takes
 * an acknowledgement for one of <em>all</em> before. So a batch is acknowledged from its start
 * without holes: it costs nothing, and no message is skipped.
 */
final class Holdings {
  /** How many accepted messages are remembered, to know them when they are handed out again. */
  static final int REMEMBERED = 10_000;

  /** Where a message stands. */
  enum State {
    /** To be handed out, at once or later. */
    WAITING,
    /** With the core. */
    OUT,
    /** Processed; to be acknowledged as soon as all before it are. */
    ACCEPTED,
    /** With the core, but no longer ours. */
    LOST,
    /** Done with. */
    GONE
  }

  /** One message; what it is bound to changes when it is handed out again. */
  static final class Held {
    final Place place;
    MessageView view;

    /** In order, a renewed message keeps its old handle too. */
    final boolean ordered;

    State state = State.WAITING;
    int attempt;
    long readyAt;
    boolean acknowledging;

    /** Whether it counts among the unsettled. */
    boolean counted = true;

    @Nullable RocketDelivery delivery;
    private Batch batch;

    private Held(Place.Popped popped, MessageView view, Batch batch) {
      place = popped.place();
      ordered = popped.ordered();
      this.view = view;
      this.batch = batch;
    }
  }

  private static final class Batch {
    private final String popTime;
    private final TreeMap<Long, Held> open = new TreeMap<>();

    /** From here on nothing of it may be acknowledged. */
    private long lostFrom = Long.MAX_VALUE;

    private Batch(String popTime) {
      this.popTime = popTime;
    }
  }

  /** What an arrival turned out to be. */
  enum Arrival {
    /** Not held before. */
    NEW,
    /** Held already: it goes on under the new handle, and nobody sees it twice. */
    KNOWN,
    /** Accepted by this member before: it is acknowledged again, and nobody sees it. */
    DONE
  }

  private final Map<Place, Held> held = new HashMap<>();
  private final Map<String, Batch> batches = new HashMap<>();
  private final List<Batch> superseded = new ArrayList<>();
  private final Deque<Held> fresh = new ArrayDeque<>();
  private final PriorityQueue<Held> released =
      new PriorityQueue<>(Comparator.comparingLong((Held each) -> each.readyAt));
  private final Remembered<Boolean> accepted = new Remembered<>(REMEMBERED);
  private final Remembered<Integer> attempts = new Remembered<>(REMEMBERED);

  /** Takes in what the broker handed out; {@link #at} tells what became of it. */
  Arrival arrived(Place.Popped popped, MessageView view) {
    Place place = popped.place();
    Batch batch = batchOf(popped);
    Held known = held.get(place);
    if (known != null) {
      known.view = view;
      known.batch = batch;
      known.acknowledging = false;
      known.attempt = Math.max(known.attempt, view.getDeliveryAttempt());
      known.state = known.state == State.LOST ? State.OUT : known.state;
      batch.open.put(place.offset(), known);
      return Arrival.KNOWN;
    }
    Held one = new Held(popped, view, batch);
    held.put(place, one);
    batch.open.put(place.offset(), one);
    if (accepted.get(place) != null) {
      one.state = State.ACCEPTED;
      return Arrival.DONE;
    }
    Integer before = attempts.get(place);
    one.attempt = Math.max(view.getDeliveryAttempt(), before == null ? 1 : before + 1);
    fresh.add(one);
    return Arrival.NEW;
  }

  /** A later handing-out of a queue ends the one before: its handles settle nothing any more. */
  private Batch batchOf(Place.Popped popped) {
    String queue =
        popped.ordered()
            ? popped.place().queue()
            : popped.place().queue() + "@" + popped.place().offset();
    Batch current = batches.get(queue);
    if (current == null || !current.popTime.equals(popped.popTime())) {
      if (current != null) {
        superseded.add(current);
      }
      current = new Batch(popped.popTime());
      batches.put(queue, current);
    }
    return current;
  }

  /**
   * What was left out when its queue was handed out anew, to be called after all arrivals of one
   * answer: its handle settles nothing, and the broker does not say so.
   *
   * @return what is no longer held
   */
  List<Held> leftOut() {
    List<Held> ended = new ArrayList<>();
    for (Batch batch : superseded) {
      for (Held each : List.copyOf(batch.open.values())) {
        if (each.batch == batch && each.state != State.GONE) {
          ended.addAll(lose(each));
        }
      }
    }
    superseded.clear();
    return ended;
  }

  /** What is held at this place. */
  @Nullable Held at(Place place) {
    return held.get(place);
  }

  /** What the core holds under this delivery; null if it settled it, or never had it. */
  @Nullable Held out(RocketDelivery delivery) {
    Held one = held.get(delivery.place());
    if (one == null || one.delivery != delivery) {
      return null;
    }
    return one.state == State.OUT || one.state == State.LOST ? one : null;
  }

  /** The next to be handed out, oldest first; they count as handed out. */
  List<Held> next(int max, long now) {
    List<Held> next = new ArrayList<>();
    while (next.size() < max) {
      Held due = released.peek();
      Held one = due != null && due.readyAt - now <= 0 ? released.poll() : fresh.poll();
      if (one == null) {
        break;
      }
      if (one.state == State.WAITING) {
        one.state = State.OUT;
        next.add(one);
      }
    }
    return next;
  }

  /** How long until a released one is due, in nanoseconds; the largest number if none is. */
  long untilReady(long now) {
    Held first = released.peek();
    return first == null ? Long.MAX_VALUE : Math.max(0, first.readyAt - now);
  }

  /** The core processed it. */
  void accept(Held one) {
    one.state = State.ACCEPTED;
    accepted.put(one.place, true);
  }

  /** The core did not process it: it waits until this time. */
  void release(Held one, long readyAt) {
    one.state = State.WAITING;
    one.attempt++;
    one.readyAt = readyAt;
    released.add(one);
  }

  /** What may be acknowledged now that this one was accepted: its batch, up to the first hole. */
  List<Held> acknowledgeable(Held one) {
    List<Held> may = new ArrayList<>();
    for (Held each : one.batch.open.values()) {
      if (each.state != State.ACCEPTED || each.place.offset() >= one.batch.lostFrom) {
        break;
      }
      if (!each.acknowledging) {
        may.add(each);
      }
    }
    return may;
  }

  /** The broker knows that it is done with, or will hand it out again. */
  void end(Held one) {
    one.state = State.GONE;
    held.remove(one.place, one);
    one.batch.open.remove(one.place.offset(), one);
    if (one.batch.open.isEmpty()) {
      batches.values().remove(one.batch);
    }
  }

  /**
   * It is ours no longer: the broker will hand it out again, and with it all that came after it.
   * What of these is accepted ends here, or else it would keep the queue closed.
   *
   * @return what is no longer held
   */
  List<Held> lose(Held one) {
    one.batch.lostFrom = Math.min(one.batch.lostFrom, one.place.offset());
    List<Held> ended = new ArrayList<>();
    for (Held each : one.batch.open.tailMap(one.place.offset()).values()) {
      if (each.state == State.ACCEPTED) {
        ended.add(each);
      }
    }
    attempts.put(one.place, one.attempt);
    if (one.state == State.OUT) {
      one.state = State.LOST;
    } else if (one.state == State.WAITING) {
      ended.add(one);
    }
    ended.forEach(this::end);
    return ended;
  }

  /** Whether it comes after one that was lost, so that it may never be acknowledged. */
  boolean behindLost(Held one) {
    return one.place.offset() >= one.batch.lostFrom;
  }

  /** All that is held. */
  List<Held> all() {
    return List.copyOf(held.values());
  }
}
