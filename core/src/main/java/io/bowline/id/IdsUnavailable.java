// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import org.jspecify.annotations.Nullable;

/** No id can be drawn now without the danger of drawing one twice; later one may be. */
public final class IdsUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says what was tried, what was seen and what to do. */
  public IdsUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
