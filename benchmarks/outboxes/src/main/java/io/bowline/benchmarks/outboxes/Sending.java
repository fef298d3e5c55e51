// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outboxes;

/** What an outbox is to do: an interface, since libraries make proxies of it. */
@FunctionalInterface
public interface Sending {

  /** Sends a text under a key, and returns once the broker has it. */
  void send(String key, String text);
}
