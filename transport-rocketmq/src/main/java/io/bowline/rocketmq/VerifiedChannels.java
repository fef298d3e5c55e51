// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import apache.rocketmq.v2.MessageQueue;
import apache.rocketmq.v2.QueryRouteResponse;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.rocketmq.client.java.impl.ClientImpl;
import org.apache.rocketmq.client.java.impl.ClientManagerImpl;
import org.apache.rocketmq.client.java.route.Endpoints;
import org.apache.rocketmq.client.java.rpc.RpcClient;
import org.apache.rocketmq.shaded.grpc.netty.GrpcSslContexts;
import org.apache.rocketmq.shaded.grpc.netty.NettyChannelBuilder;
import org.apache.rocketmq.shaded.io.grpc.ManagedChannel;
import org.apache.rocketmq.shaded.io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import org.apache.rocketmq.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import org.apache.rocketmq.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import org.apache.rocketmq.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;

/**
 * Channels that verify certificate and host name, put where a client looks for its own.
 *
 * <p>The client (5.2.0, {@code RpcClientImpl}) builds each channel with a trust manager that
 * accepts everything, and has no setting for it. But it keeps its channels in a table, by endpoint,
 * and looks there first: so each endpoint gets a channel of ours before the client first needs it,
 * which is when it is given, or when a route names it. Two private fields are read for that. Where
 * they are not found, nothing is opened. Thread-safe.
 */
final class VerifiedChannels {
  static final String OTHER_CLIENT =
      "Certificates cannot be verified with this rocketmq-client-java, which accepts all: use"
          + " version 5.2.0, or accept that with ssl.verify=false";

  /** As the client has them: a proxy refuses to be asked more often than every 5 min. */
  private static final int CONNECT_MILLIS = 3_000;

  private static final int KEEP_ALIVE_MILLIS = 300_000;
  private static final int KEEP_ALIVE_TIMEOUT_MILLIS = 30_000;

  private final SslContext tls;

  VerifiedChannels(TrustManagerFactory trusted) {
    try {
      // The JDK's engine, since the verifying is to be the JVM's, with its settings.
      tls =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
              .trustManager(trusted)
              .build();
    } catch (SSLException e) {
      throw new TransportException(Verdict.REFUSED, "TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** Sees to it that this client, which must not be started yet, uses no other channels. */
  void give(ClientImpl client) {
    ClientManagerImpl manager = (ClientManagerImpl) client.getClientManager();
    new Table(this, manager).put(client.getEndpoints());
  }

  private record Table(
      VerifiedChannels channels, Map<Endpoints, RpcClient> entries, ReadWriteLock lock) {

    @SuppressWarnings("unchecked")
    Table(VerifiedChannels channels, ClientManagerImpl manager) {
      this(
          channels,
          (Map<Endpoints, RpcClient>) read(manager, "rpcClientTable", Map.class),
          read(manager, "rpcClientTableLock", ReadWriteLock.class));
    }

    void put(Endpoints endpoints) {
      lock.writeLock().lock();
      try {
        entries.computeIfAbsent(
            endpoints, each -> new VerifiedRpc(channels.channel(each), this::learn));
      } finally {
        lock.writeLock().unlock();
      }
    }

    private void learn(QueryRouteResponse routes) {
      for (MessageQueue queue : routes.getMessageQueuesList()) {
        put(new Endpoints(queue.getBroker().getEndpoints()));
      }
    }
  }

  private static <T> T read(ClientManagerImpl manager, String field, Class<T> type) {
    try {
      Field found = ClientManagerImpl.class.getDeclaredField(field);
      found.setAccessible(true);
      return type.cast(found.get(manager));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new TransportException(Verdict.REFUSED, OTHER_CLIENT, e);
    }
  }

  @SuppressWarnings("deprecation") // The client names its proxies by the same deprecated means.
  private ManagedChannel channel(Endpoints endpoints) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(endpoints.getGrpcTarget())
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .keepAliveTime(KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
            .keepAliveWithoutCalls(true)
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .disableRetry()
            .sslContext(tls);
    if (endpoints.toSocketAddresses() != null) {
      builder.nameResolverFactory(new NumericAddresses(endpoints.toSocketAddresses()));
    }
    return builder.build();
  }
}
