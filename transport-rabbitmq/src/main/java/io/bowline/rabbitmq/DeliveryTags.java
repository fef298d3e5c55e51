// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The tags of one channel: which are unsettled, and with how few acknowledgements the others can be
 * given back. An acknowledgement of several covers all lower tags, so it goes no further than the
 * lowest unsettled one. Confined to one thread; bounded by the prefetch.
 */
final class DeliveryTags {
  /** In rising order, since tags rise on a channel. */
  private final Set<Long> unsettled = new LinkedHashSet<>();

  private final List<Long> accepted = new ArrayList<>();

  /** Where acknowledgements go. */
  interface Acks {
    void ack(long tag, boolean multiple) throws IOException;
  }

  /** A tag, higher than all before it, was handed out. */
  void handedOut(long tag) {
    unsettled.add(tag);
  }

  /** Notes that a tag may be acknowledged; false if it was before, or is unknown. */
  boolean accept(long tag) {
    boolean ours = unsettled.remove(tag);
    if (ours) {
      accepted.add(tag);
    }
    return ours;
  }

  boolean hasUnsettled() {
    return !unsettled.isEmpty();
  }

  boolean hasAccepted() {
    return !accepted.isEmpty();
  }

  /** Gives back all that was accepted. */
  void flush(Acks acks) throws IOException {
    if (accepted.isEmpty()) {
      return;
    }
    long lowest = unsettled.isEmpty() ? Long.MAX_VALUE : unsettled.iterator().next();
    long upTo = accepted.stream().filter(tag -> tag < lowest).mapToLong(tag -> tag).max().orElse(0);
    if (upTo > 0) {
      acks.ack(upTo, true);
    }
    for (long tag : accepted) {
      if (tag > lowest) {
        acks.ack(tag, false);
      }
    }
    accepted.clear();
  }
}
