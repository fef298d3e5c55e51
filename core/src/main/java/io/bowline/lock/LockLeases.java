// SPDX-License-Identifier: Apache-2.0
package io.bowline.lock;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store that lends locks for a while, by its own clock: what {@link LeasedLocks} keeps locks in.
 *
 * <p>Of each name it remembers the owner, until when nobody else may have it, and the last token,
 * which outlives its owner. An implementation is thread-safe and bounds its own waits; what it
 * cannot do it throws.
 */
public interface LockLeases {

  /**
   * Takes a name that is free: never taken, given back, or its lease over.
   *
   * @param owner a token that was never used before
   * @return with a fencing token greater than every one that was ever given for this name; empty if
   *     somebody else has it
   * @throws RuntimeException if that could not be done; it may be taken all the same, and is free
   *     again after its time
   */
  Optional<LockLease> take(String name, String owner, Duration length);

  /**
   * Lets a lease last longer: anew from now on, with the same token. It may be renewed after its
   * end too, as long as nobody else took it.
   *
   * @return false if its owner has it no more, and will not have it again
   * @throws RuntimeException if that could not be done; it may be renewed all the same
   */
  boolean renew(LockLease lease, Duration length);

  /**
   * Ends a lease. Whose it is no more changes nothing. It is told by name and owner: the token is 0
   * if the taking failed, and may have been done.
   *
   * @throws RuntimeException if that could not be done; it ends by itself after its time
   */
  void giveBack(LockLease lease);

  /**
   * Wants to be told of leases that this store knows to be over without having been asked, as when
   * it hears that its session ended. Most stores know nothing by themselves: they tell nothing, as
   * here.
   *
   * @param over is told of such a lease, on a thread of the store's, maybe more than once; it gives
   *     the lease back, which is nothing to wait for then
   * @return ends the telling
   */
  default Runnable tellWhatIsOver(Consumer<LockLease> over) {
    return () -> {};
  }
}
