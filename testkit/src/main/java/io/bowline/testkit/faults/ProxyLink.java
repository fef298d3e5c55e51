// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One client's connection with its own to the server, and a thread for each direction. */
final class ProxyLink {
  private static final int BUFFER = 64 * 1024;

  /** Which way bytes go. */
  enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private final Socket client;
  private final Socket server = new Socket();
  private final InetSocketAddress target;
  private final ProxyState state;
  private final Consumer<ProxyLink> ended;
  private final AtomicInteger pumps = new AtomicInteger(2);
  private volatile boolean frozen;

  /** Nothing is forwarded any more. */
  private volatile boolean over;

  ProxyLink(Socket client, InetSocketAddress target, ProxyState state, Consumer<ProxyLink> ended) {
    this.client = client;
    this.target = target;
    this.state = state;
    this.ended = ended;
  }

  void start() {
    state.connected();
    thread("requests", this::connectAndForward).start();
  }

  private Thread thread(String what, Runnable work) {
    Thread thread = new Thread(work, "fault-proxy-" + what);
    thread.setDaemon(true);
    return thread;
  }

  private void connectAndForward() {
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      // A new connection is a first packet: it waits, too, while nothing passes.
      state.admits(this, Direction.TO_SERVER);
      server.connect(
          new InetSocketAddress(target.getHostString(), target.getPort()),
          FaultProxy.CONNECT_MILLIS);
    } catch (IOException | InterruptedException unreachable) {
      state.failed("connecting to " + target + ": " + unreachable);
      pumps.decrementAndGet(); // there will be no answers
      cut();
      pumpEnded();
      return;
    }
    thread("answers", () -> pump(server, client, Direction.TO_CLIENT)).start();
    pump(client, server, Direction.TO_SERVER);
  }

  private void pump(Socket from, Socket to, Direction direction) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (state.admits(this, direction)) {
          out.write(buffer, 0, read);
          state.forwarded(direction, read);
        } else if (direction == Direction.TO_CLIENT) {
          state.dropped(read);
        }
      }
      if (state.admits(this, direction)) {
        to.shutdownOutput();
      } else {
        broke(); // the end of what was dropped is no orderly end
      }
    } catch (IOException e) {
      broke();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cut();
    } finally {
      pumpEnded();
    }
  }

  /** One side broke by itself: so does the other. After a cut, each side ends as the cut says. */
  private void broke() {
    if (!over) {
      cut();
    }
  }

  private void pumpEnded() {
    if (pumps.decrementAndGet() == 0) {
      reset(client);
      reset(server);
      ended.accept(this);
      state.changed();
    }
  }

  boolean frozen() {
    return frozen;
  }

  boolean over() {
    return over;
  }

  void freeze() {
    frozen = true;
    state.changed();
  }

  void thaw() {
    frozen = false;
    state.changed();
  }

  /** Resets both sides. */
  void cut() {
    over = true;
    reset(client);
    reset(server);
    state.changed();
  }

  /** Resets the client's side; the server gets all that was forwarded, and then an orderly end. */
  void cutAfterRequests() {
    over = true;
    reset(client);
    try {
      server.shutdownOutput();
    } catch (IOException notConnected) {
      reset(server);
    }
    state.changed();
  }

  /** Closes so that the other side is told by a reset. */
  static void reset(Socket socket) {
    try (socket) {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException alreadyClosed) {
      // That is what was wanted.
    }
  }
}
