// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.TransportConformance;
import io.bowline.testkit.servers.LocalRabbit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;

/** The same on the oldest RabbitMQ that is supported: 3.10, the machine's own on Debian 12. */
final class RabbitOldestConformanceIT extends TransportConformance {
  private @Nullable LocalRabbit oldest;

  @Override
  protected BrokerFixture broker() {
    try {
      oldest = LocalRabbit.startOldest();
    } catch (IllegalStateException e) {
      Assumptions.abort("No RabbitMQ 3 here: " + e.getMessage());
    }
    return BrokerFixture.of(oldest);
  }

  @AfterAll
  void closeBroker() {
    if (oldest != null) {
      oldest.close();
    }
  }
}
