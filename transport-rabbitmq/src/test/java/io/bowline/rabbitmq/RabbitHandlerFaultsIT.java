// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.HandlerFaults;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * Messages whose handlers misbehave, on a real broker. A delivery has no lease here but the
 * broker's 30 minutes, so a handler just takes long.
 */
final class RabbitHandlerFaultsIT extends HandlerFaults {
  @Override
  protected BrokerFixture broker() {
    return new ServerFixture(Servers.rabbitmq()) {
      @Override
      public Duration lease() {
        return Duration.ofSeconds(3);
      }
    };
  }

  /** Its exchange: a queue that nothing is bound to is of no use. */
  @Override
  protected boolean delete(String topic) {
    try (RabbitScene scene = new RabbitScene()) {
      scene.plain().exchangeDelete(topic);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("Deleting the exchange " + topic, e);
    }
  }
}
