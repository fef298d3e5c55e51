// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.gap.ChainState;
import io.bowline.gap.GapStore;
import io.bowline.gap.GapStore.Claim;
import io.bowline.gap.GapStore.GroupLane;
import io.bowline.gap.InMemoryGapStore;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store for services in processes of their own, kept in the memory of this one: whoever is killed
 * or stopped in the midst of a call holds up nobody. The other side is a {@link DistantGapStore}.
 * Thread-safe.
 */
final class SharedGapStore implements AutoCloseable {
  static final int CLAIM = 1;
  static final int SAVE = 2;

  private final GapStore store = new InMemoryGapStore();
  private final ServerSocket door;
  private final Set<Socket> guests = ConcurrentHashMap.newKeySet();

  /** Serves on a port of this machine alone. */
  SharedGapStore() {
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("Opening a port for a store", e);
    }
    begin(this::welcome, "gap-store-door");
  }

  private static void begin(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return door.getLocalPort();
  }

  private void welcome() {
    try {
      while (!door.isClosed()) {
        Socket guest = door.accept();
        guests.add(guest);
        begin(() -> serve(guest), "gap-store-guest");
      }
    } catch (SocketException closed) {
      // By close().
    } catch (IOException e) {
      throw new UncheckedIOException("Waiting for services", e);
    }
  }

  private void serve(Socket guest) {
    try (guest;
        DataInputStream in = new DataInputStream(guest.getInputStream());
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(guest.getOutputStream()))) {
      while (true) {
        answer(in, out);
        out.flush();
      }
    } catch (EOFException | SocketException ended) {
      // It was killed, or is done.
    } catch (IOException e) {
      throw new UncheckedIOException("Serving a service", e);
    } finally {
      guests.remove(guest);
    }
  }

  private void answer(DataInputStream in, DataOutputStream out) throws IOException {
    int what = in.readInt();
    GroupLane lane = new GroupLane(in.readUTF(), in.readUTF(), in.readInt());
    if (what == CLAIM) {
      Claim claim = store.claim(lane);
      out.writeLong(claim.number());
      ChainBytes.write(out, claim.chains());
    } else {
      Claim claim = new Claim(lane, in.readLong(), List.of());
      List<ChainState> changed = ChainBytes.read(in);
      out.writeBoolean(store.save(claim, changed));
    }
  }

  @Override
  public void close() {
    try {
      door.close();
      for (Socket guest : guests) {
        guest.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Closing a store", e);
    }
  }
}
