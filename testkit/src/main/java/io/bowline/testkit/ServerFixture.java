// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.servers.BrokerServer;
import io.bowline.testkit.servers.FreePorts;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportConfig;
import java.util.Optional;

/**
 * The fixture of a running server. Its other members are processes of their own. Override what
 * differs for your broker:
 *
 * <pre>{@code
 * new ServerFixture(Servers.kafka()) {
 *   @Override
 *   public TransportConfig config() {
 *     return super.config().properties(Map.of("session.timeout.ms", "6000"));
 *   }
 * }
 * }</pre>
 */
public class ServerFixture implements BrokerFixture {
  private final BrokerServer server;

  /** The fixture of this server, which stays the caller's to close. */
  public ServerFixture(BrokerServer server) {
    this.server = server;
  }

  @Override
  public TransportConfig config() {
    return TransportConfig.of(BrokerAddress.parse(server.address()));
  }

  @Override
  public TransportConfig nowhere() {
    TransportConfig config = config();
    int port = FreePorts.take(1).get(0);
    String nobody = config.address().scheme() + "://127.0.0.1:" + port;
    return new TransportConfig(
        BrokerAddress.parse(nobody),
        config.properties(),
        config.connectTimeout(),
        config.confirmTimeout(),
        config.events());
  }

  @Override
  public OtherMember startMember(SubscriptionSpec spec, int accepts) {
    return ChildMember.start(new MemberOrders(server.address(), config(), spec, accepts));
  }

  @Override
  public Optional<String> address() {
    return Optional.of(server.address());
  }

  @Override
  public Optional<BrokerServer.Proxied> proxied() {
    return server.proxied();
  }

  @Override
  public boolean breakable() {
    return server.breakable();
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void start() {
    server.start();
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }
}
