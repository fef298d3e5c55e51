// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.transport.OncePerMinute;
import org.slf4j.Logger;

/** Warnings, each cause at most once a minute. Thread-safe. */
final class Complaints {
  private final Logger log;
  private final OncePerMinute told = new OncePerMinute();

  Complaints(Logger log) {
    this.log = log;
  }

  /** Warns, unless it did so for this cause within the last minute. */
  void about(String cause, String format, Object... arguments) {
    if (told.allows(cause)) {
      log.warn(format, arguments);
    }
  }
}
