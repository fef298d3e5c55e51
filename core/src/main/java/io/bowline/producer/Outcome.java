// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

/** How a send ended. There is no fourth way. */
public enum Outcome {
  /** The broker stored the message, as durably as it is configured to. */
  CONFIRMED,
  /** Proven not stored, by any of the tries: it is safe to do something else instead. */
  REJECTED,
  /** May be stored, and may still be delivered. Send it again only under the same id. */
  UNKNOWN
}
