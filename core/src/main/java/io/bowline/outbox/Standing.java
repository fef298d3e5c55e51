// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.util.List;

/**
 * How the lanes of an outbox are shared, as a relay finds it.
 *
 * @param mine the lanes that this relay has, all of them renewed
 * @param relays how many relays live, this one included
 * @param free how many lanes nobody has
 */
public record Standing(List<LaneLease> mine, int relays, int free) {
  /** Keeps a copy of the list. */
  public Standing {
    mine = List.copyOf(mine);
  }
}
