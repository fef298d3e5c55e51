// SPDX-License-Identifier: Apache-2.0
package io.bowline.attempt;

import java.util.List;

/**
 * Counts the attempts at messages where the end of a process does not forget them, so that a
 * message which ends every process that handles it dies at last. Shared by all members of a group.
 *
 * <p>An implementation is thread-safe, and counts of one message at once are added up. Handler
 * threads wait for it, so it bounds its own waits. What it cannot do it throws: a message whose
 * attempt is not counted is not handled, but kept and tried again. It may drop counts that nobody
 * touched for long: longer than a message may wait for its next delivery. The kit {@code
 * AttemptStoreConformance} of the testkit says whether one is right.
 */
public interface AttemptStore {

  /**
   * An attempt at each of these begins: counted, and not to be forgotten by a crash, once this
   * returns. All of them are counted or none.
   *
   * @param messages one message, or those of a batch, each once
   * @return how many attempts at each began so far, with this one, in the order of the messages
   * @throws RuntimeException if that could not be done
   */
  List<Integer> begin(List<AttemptKey> messages);

  /**
   * The last attempt at each of these counts no more: it was cut short by the closing of its
   * consumer, or nobody's attempt would have gone well. One less, and never less than none; a
   * message that is not counted stays so.
   *
   * @throws RuntimeException if that could not be done
   */
  void forgive(List<AttemptKey> messages);

  /**
   * These are done with, processed or dead-lettered: nothing of them is remembered. A message that
   * is not counted stays so.
   *
   * @throws RuntimeException if that could not be done
   */
  void clear(List<AttemptKey> messages);
}
