// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.SendFaults;
import io.bowline.testkit.servers.LocalRocket;
import io.bowline.testkit.servers.LocalRocketSetup;
import org.junit.jupiter.api.AfterAll;

/** What becomes of sends while a real broker and the network before it fail. */
final class RocketSendFaultsIT extends SendFaults {
  private static final class Cluster {
    // In cluster mode, since only then a way through a proxy stays there.
    static final LocalRocket SERVER = LocalRocket.startNew(LocalRocketSetup.plain().cluster());
  }

  @AfterAll
  static void stopCluster() {
    Cluster.SERVER.close();
  }

  @Override
  protected BrokerFixture broker() {
    return BrokerFixture.of(Cluster.SERVER);
  }
}
