// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import io.bowline.sequence.KeySequences;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where messages wait that were appended in business transactions, and which relay sends which:
 * what an {@link OutboxRelay} needs of a database.
 *
 * <p>Rows lie in lanes: all of a key in the same one. A lane is lent to one relay at a time, by the
 * store's own clock, each time with a greater epoch. Reading has no cursor: what is there is read,
 * from the lowest id on, however late it was committed; so nothing may be taken away but by {@link
 * #finish} and {@link #park}. An implementation is thread-safe, bounds its waits, and throws what
 * it cannot do. The kit {@code OutboxStoreConformance} of the testkit says whether one is right.
 */
public interface OutboxStore {
  /** The name of the outbox, for people. */
  String name();

  /** How many lanes there are, always. */
  int lanes();

  /**
   * A relay lives: its leases last this long from now on, also those that ended and that nobody
   * took since; and it counts among the relays for as long.
   *
   * @param relay a name that no other relay has, and none had
   */
  Standing beat(String relay, Duration lease);

  /**
   * Takes lanes that nobody has, or whose lease is over, each with a greater epoch; at most so
   * many.
   */
  List<LaneLease> take(String relay, int most, Duration lease);

  /** Ends leases. Whose they are no more is not changed. */
  void giveBack(List<LaneLease> leases);

  /** A relay ends: it counts no more, and all that it has is free. */
  void leave(String relay);

  /** The lanes of this relay in which messages wait, those of parked keys aside. */
  List<Integer> ready(String relay);

  /**
   * What waits in a lane, in the order of the ids, without the messages of parked keys; those are
   * put aside, if the lease still holds.
   *
   * @param most so many rows at most; fewer may be given while more wait
   * @param bytes so many bytes of bodies at most, but one row at least
   */
  List<OutboxRow> read(LaneLease lease, int most, long bytes);

  /**
   * The first of what waits in each of these lanes, all of one relay, as {@link #read} gives it. A
   * relay asks so each few milliseconds while messages come one by one, so a store does well to
   * answer by one question; by default each lane that is {@link #ready} is read.
   *
   * @param most so many rows of a lane at most
   * @param bytes so many bytes of bodies at most in all, but one row at least: a lane for which
   *     none are left is given without rows, and is to be read by itself
   * @return the lanes in which something waits, and maybe others
   */
  default Map<LaneLease, List<OutboxRow>> readFirst(List<LaneLease> leases, int most, long bytes) {
    Map<LaneLease, List<OutboxRow>> first = new LinkedHashMap<>();
    Set<Integer> ready = leases.isEmpty() ? Set.of() : Set.copyOf(ready(leases.get(0).relay()));
    long left = bytes;
    for (LaneLease lease : leases) {
      if (ready.contains(lease.lane())) {
        List<OutboxRow> rows = left > 0 ? read(lease, most, left) : List.of();
        left -= rows.stream().mapToLong(OutboxRow::size).sum();
        first.put(lease, rows);
      }
    }
    return first;
  }

  /**
   * Takes away what the broker has. What is not there any more is no error.
   *
   * @return false, and nothing is changed, if another relay had the lane since
   */
  boolean finish(LaneLease lease, List<Long> ids);

  /**
   * Takes away what the broker has of several lanes, as {@link #finish} does of one; by default one
   * after the other, while a store that does it in one transaction saves many.
   *
   * @return the leases under which nothing was changed, since another relay had the lane since
   */
  default Set<LaneLease> finishAll(Map<LaneLease, List<Long>> confirmed) {
    Set<LaneLease> lost = new LinkedHashSet<>();
    confirmed.forEach(
        (lease, ids) -> {
          if (!finish(lease, ids)) {
            lost.add(lease);
          }
        });
    return lost;
  }

  /**
   * Puts a message aside that the broker refuses, with all of its key, those that are appended
   * later included, until it is unparked; without a key it alone.
   *
   * @return false, and nothing is changed, if another relay had the lane since
   */
  boolean park(LaneLease lease, OutboxRow row, String reason);

  /** What is parked, at most so many, the oldest first. */
  List<Parked> parked(int most);

  /**
   * Lets what was parked be sent again, in its old order and under the ids it had; where rows are
   * {@link #numbered}, under new numbers.
   *
   * @param token of {@link Parked}
   * @return false if nothing is parked under it
   */
  boolean unpark(String token);

  /** How much waits, and for how long. */
  Pending pending();

  /** Whether rows with a key have {@linkplain KeySequences numbers}, drawn at the append. */
  boolean numbered();

  /**
   * Has this called whenever messages were committed by this process, and, soon before, when some
   * are going to be; until the handle is closed. It returns at once.
   */
  Listening listen(Runnable woken);

  /** An end of {@link #listen}. */
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }
}
