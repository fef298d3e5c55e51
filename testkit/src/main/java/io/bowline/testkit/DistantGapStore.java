// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.gap.ChainState;
import io.bowline.gap.GapStore;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/** The {@link SharedGapStore} of another process. Thread-safe. */
final class DistantGapStore implements GapStore, AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  /** The one that serves on this port of this machine. */
  DistantGapStore(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException("Reaching the store on port " + port, e);
    }
  }

  @Override
  public synchronized Claim claim(GroupLane lane) {
    try {
      ask(SharedGapStore.CLAIM, lane);
      out.flush();
      return new Claim(lane, in.readLong(), ChainBytes.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException("Claiming " + lane, e);
    }
  }

  @Override
  public synchronized boolean save(Claim claim, List<ChainState> changed) {
    try {
      ask(SharedGapStore.SAVE, claim.lane());
      out.writeLong(claim.number());
      ChainBytes.write(out, changed);
      out.flush();
      return in.readBoolean();
    } catch (IOException e) {
      throw new UncheckedIOException("Saving " + claim.lane(), e);
    }
  }

  private void ask(int what, GroupLane lane) throws IOException {
    out.writeInt(what);
    out.writeUTF(lane.topic());
    out.writeUTF(lane.group());
    out.writeInt(lane.lane());
  }

  @Override
  public Map<Integer, List<ChainState>> read(String topic, String group) {
    throw new UnsupportedOperationException("Services do not read " + topic + " of " + group);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
