// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.ReceiveFaults;
import io.bowline.testkit.ServerFixture;
import io.bowline.testkit.servers.LocalRocket;
import io.bowline.testkit.servers.LocalRocketSetup;
import io.bowline.transport.TransportConfig;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** What becomes of work while members, a real broker and the network before it fail. */
final class RocketReceiveFaultsIT extends ReceiveFaults {
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
    return new ServerFixture(Cluster.SERVER) {
      @Override
      public TransportConfig config() {
        return super.config().properties(Map.of("invisible", "6s", "await", "1s"));
      }
    };
  }
}
