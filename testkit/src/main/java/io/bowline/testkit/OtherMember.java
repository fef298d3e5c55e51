// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.util.List;

/**
 * A member of a group that lives elsewhere, in a process of its own where the broker is a real
 * server. It accepts as many deliveries as it was told to, and holds all others unsettled while it
 * goes on polling. Thread-safe.
 */
public interface OtherMember extends AutoCloseable {

  /** The bodies that arrived so far, as text, in the order of arrival. */
  List<String> received();

  /** The bodies accepted so far for which a later poll has returned, as text. */
  List<String> settled();

  /** Ends it as a crash would (SIGKILL), and returns once it is gone. */
  void kill();

  /** Ends it in any way. Closing twice, or after {@link #kill}, does nothing. */
  @Override
  void close();
}
