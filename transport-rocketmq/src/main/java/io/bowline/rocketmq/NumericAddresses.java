// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.apache.rocketmq.shaded.io.grpc.Attributes;
import org.apache.rocketmq.shaded.io.grpc.EquivalentAddressGroup;
import org.apache.rocketmq.shaded.io.grpc.NameResolver;
import org.apache.rocketmq.shaded.io.grpc.NameResolverProvider;

/** Proxies named by IP address: each has to prove that it is that address. */
final class NumericAddresses extends NameResolverProvider {
  private final List<InetSocketAddress> addresses;

  NumericAddresses(List<InetSocketAddress> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return authority(addresses.get(0));
      }

      @Override
      public void start(Listener2 listener) {
        listener.onResult(
            ResolutionResult.newBuilder()
                .setAddresses(addresses.stream().map(NumericAddresses::group).toList())
                .build());
      }

      @Override
      public void shutdown() {
        // Nothing runs.
      }
    };
  }

  private static EquivalentAddressGroup group(InetSocketAddress address) {
    return new EquivalentAddressGroup(
        address,
        Attributes.newBuilder()
            .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, authority(address))
            .build());
  }

  private static String authority(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  @Override
  public String getDefaultScheme() {
    return "numeric";
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 0;
  }
}
