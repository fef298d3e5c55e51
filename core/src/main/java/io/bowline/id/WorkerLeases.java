// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.util.Optional;

/**
 * Lends the worker ids of Snowflake ids, so that no two processes draw ids with the same one.
 * Shared by all processes that draw from the same ids.
 *
 * <p>Of each worker id a store remembers its owner, until when, by its own clock, nobody else may
 * have it, and the highest {@code upTo} of all its terms, which outlives its owner. An
 * implementation is thread-safe and bounds its own waits; what it cannot do it throws. The kit
 * {@code WorkerLeasesConformance} of the testkit says whether one is right.
 */
public interface WorkerLeases {

  /**
   * Takes a free worker id: one whose last lease and cool-down are over, and that was not used at
   * {@code terms.from()} or later.
   *
   * @param range the worker ids to choose from
   * @param owner a token that was never used before
   * @return empty if there is none now
   * @throws RuntimeException if that could not be done; it may be taken all the same, and is free
   *     again after its time
   */
  Optional<WorkerLease> take(WorkerRange range, String owner, LeaseTerms terms);

  /**
   * Lets a lease last longer: anew from now on. It may be renewed after its end too, as long as
   * nobody else took it. A renewal that comes late never lowers what may have been used.
   *
   * @return false if its owner has it no more, and will not have it again
   * @throws RuntimeException if that could not be done; it may be renewed all the same
   */
  boolean renew(WorkerLease lease, LeaseTerms terms);

  /**
   * Ends a lease: nothing after {@code terms.upTo()} was drawn, and nothing will be. Others may
   * have the worker id after the cool-down. Whose lease it is no more changes nothing.
   *
   * @throws RuntimeException if that could not be done; it ends by itself after its time
   */
  void giveBack(WorkerLease lease, LeaseTerms terms);
}
