// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.testkit.Scene.Place;
import io.bowline.transport.TransportConfig;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link ServiceProcess} is told.
 *
 * @param name how its effects are signed
 * @param journal the file to which it adds its effects
 * @param places the topics it consumes, each with its first group
 * @param gaps the port of the {@link SharedGapStore} where it keeps what it completed; 0 without
 */
record ServiceOrders(
    String address,
    TransportConfig config,
    String name,
    Path journal,
    List<Place> places,
    Pace pace,
    int gaps)
    implements ChildJvm.Orders {

  /** How a service works: each message takes this long, at most so many at once. */
  record Pace(int concurrency, Duration work, int maxInMemory, int maxSpan) {}

  @Override
  public void write(DataOutputStream out) throws IOException {
    MemberOrders.writeConfig(out, address, config);
    out.writeUTF(name);
    out.writeUTF(journal.toString());
    out.writeInt(places.size());
    for (Place place : places) {
      out.writeUTF(place.topic());
      out.writeUTF(place.group());
    }
    out.writeInt(pace.concurrency);
    out.writeLong(pace.work.toNanos());
    out.writeInt(pace.maxInMemory);
    out.writeInt(pace.maxSpan);
    out.writeInt(gaps);
    out.flush();
  }

  static ServiceOrders read(DataInputStream in) throws IOException {
    String address = in.readUTF();
    TransportConfig config = MemberOrders.readConfig(in, address);
    String name = in.readUTF();
    Path journal = Path.of(in.readUTF());
    List<Place> places = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      places.add(new Place(in.readUTF(), List.of(in.readUTF())));
    }
    Pace pace = new Pace(in.readInt(), Duration.ofNanos(in.readLong()), in.readInt(), in.readInt());
    return new ServiceOrders(address, config, name, journal, places, pace, in.readInt());
  }

  /** Never the address, which may hold a password. */
  @Override
  public String toString() {
    return "service " + name + " of " + places + " at " + config.address();
  }
}
