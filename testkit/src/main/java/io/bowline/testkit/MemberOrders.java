// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.transport.BrokerAddress;
import io.bowline.transport.BrokerEvents;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.TransportConfig;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a {@link MemberProcess} is told, over its standard input: an address holds a password, and a
 * command line is for everyone to read.
 */
record MemberOrders(String address, TransportConfig config, SubscriptionSpec spec, int accepts)
    implements ChildJvm.Orders {

  @Override
  public void write(DataOutputStream out) throws IOException {
    writeConfig(out, address, config);
    out.writeUTF(spec.topic());
    out.writeUTF(spec.group());
    out.writeInt(spec.maxUnsettled());
    out.writeInt(accepts);
    out.flush();
  }

  static MemberOrders read(DataInputStream in) throws IOException {
    String address = in.readUTF();
    TransportConfig config = readConfig(in, address);
    SubscriptionSpec spec = new SubscriptionSpec(in.readUTF(), in.readUTF(), in.readInt());
    return new MemberOrders(address, config, spec, in.readInt());
  }

  /** How to reach a broker, with its secrets. */
  static void writeConfig(DataOutputStream out, String address, TransportConfig config)
      throws IOException {
    out.writeUTF(address);
    out.writeInt(config.properties().size());
    for (Map.Entry<String, String> property : config.properties().entrySet()) {
      out.writeUTF(property.getKey());
      out.writeUTF(property.getValue());
    }
    out.writeLong(config.connectTimeout().toMillis());
    out.writeLong(config.confirmTimeout().toMillis());
  }

  /** What {@link #writeConfig} wrote after the address. */
  static TransportConfig readConfig(DataInputStream in, String address) throws IOException {
    Map<String, String> properties = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      properties.put(in.readUTF(), in.readUTF());
    }
    Duration connect = Duration.ofMillis(in.readLong());
    Duration confirm = Duration.ofMillis(in.readLong());
    return new TransportConfig(
        BrokerAddress.parse(address), properties, connect, confirm, BrokerEvents.NONE);
  }

  /** Never the address, which may hold a password. */
  @Override
  public String toString() {
    return "a member of " + spec.group() + " on " + spec.topic() + " at " + config.address();
  }
}
