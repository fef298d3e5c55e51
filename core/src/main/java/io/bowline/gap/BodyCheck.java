// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.message.Digest;
import io.bowline.message.Received;
import io.bowline.message.Stamp;

/** Whether messages of one topic are what their producers sent. Pure. Confined to one thread. */
public final class BodyCheck {
  private final Digest digest;
  private long lastTopic = Stamp.NO_DIGEST;

  /** What a look at a message says. */
  public enum Finding {
    /** Its body is what was sent, to this topic. */
    AS_SENT,
    /** Its producer does not tell. */
    NOT_TOLD,
    /** Its body was changed, or it was sent to another topic. */
    CHANGED,
    /** It was sent to another topic: to the same as the one before that did not fit. */
    OTHER_TOPIC
  }

  /** For messages that arrive from this topic. */
  public BodyCheck(String topic) {
    this.digest = new Digest(topic);
  }

  /** Compares a message with its stamp. */
  public Finding look(Received message) {
    Stamp stamp = message.stamp().orElse(null);
    if (stamp == null || stamp.digest() == Stamp.NO_DIGEST) {
      return Finding.NOT_TOLD;
    }
    long seen = digest.of(message.body());
    if (seen == stamp.digest()) {
      return Finding.AS_SENT;
    }
    // Two bodies that were changed do not differ from theirs in the same way; two topics do.
    long topic = seen ^ stamp.digest();
    boolean same = topic == lastTopic;
    lastTopic = topic;
    return same ? Finding.OTHER_TOPIC : Finding.CHANGED;
  }
}
