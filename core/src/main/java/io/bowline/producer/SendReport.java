// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import java.util.List;

/**
 * How the sends of a producer ended, from its opening to its closing. The three sums together are
 * the number of calls of {@code send}.
 *
 * @param confirmed how many were confirmed
 * @param rejected how many were rejected
 * @param unknown how many ended unknown, those given up by the closing included
 * @param closing how each send ended that had no outcome yet when the closing began, by id; in no
 *     order. At most as many as the window holds.
 */
public record SendReport(long confirmed, long rejected, long unknown, List<SendResult> closing) {

  /** Keeps a copy of the list. */
  public SendReport {
    closing = List.copyOf(closing);
  }
}
