// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.util.List;

/**
 * What became of the messages that were to be sent again. Each is in one of the lists, so whoever
 * finds the last one empty knows that nothing was left out.
 *
 * @param <T> by what they were asked for: message ids, or numbers of a key
 * @param resent the ids of those that wait for a relay now, in the order in which they are sent
 * @param waiting the ids of those that waited anyway, to be sent or, parked, for a person
 * @param missing what is neither kept nor waits: it was purged, sent while nothing was kept, voided
 *     under that number, sent again already by a relay that keeps nothing, or never appended
 */
public record Resent<T>(List<String> resent, List<String> waiting, List<T> missing) {
  /** Keeps copies of the lists. */
  public Resent {
    resent = List.copyOf(resent);
    waiting = List.copyOf(waiting);
    missing = List.copyOf(missing);
  }
}
