// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.faults;

import io.bowline.testkit.servers.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A server that answers each byte with the same, and notes how its connections ended. */
final class EchoServer implements AutoCloseable {
  private final ServerSocket listener;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** "end" for an orderly end, "reset" for any other; in order. */
  final LinkedBlockingQueue<String> endings = new LinkedBlockingQueue<>();

  EchoServer() {
    try {
      int port = FreePorts.take(1).get(0); // which nobody else takes once it is closed
      listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  byte[] received() {
    synchronized (received) {
      return received.toByteArray();
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "echo");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        daemon(() -> echo(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void echo(Socket socket) {
    try (socket) {
      for (int next = socket.getInputStream().read(); next >= 0; ) {
        synchronized (received) {
          received.write(next);
        }
        socket.getOutputStream().write(next);
        next = socket.getInputStream().read();
      }
      endings.add("end");
    } catch (IOException e) {
      endings.add("reset");
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
