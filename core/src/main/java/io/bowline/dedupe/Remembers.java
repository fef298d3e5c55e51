// SPDX-License-Identifier: Apache-2.0
package io.bowline.dedupe;

import java.time.Duration;

/**
 * Something that remembers which messages took effect, so that one which comes again takes none a
 * second time; it forgets after a while. A consumer that is given one, to ask or as its handler,
 * does not start if a message may come again later than that. Thread-safe; neither method waits.
 */
public interface Remembers {

  /** The least time for which it remembers a message, from its effect on; above 0. */
  Duration remembers();

  /** Names it in what is told to people, without a secret: {@code "table bowline_inbox"}. */
  String memory();
}
