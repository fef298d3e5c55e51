// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread write many messages by one system call: the client flushes after each, and on its
 * own sockets that is kept until the run of messages ends. Whoever else flushes, such as a
 * heartbeat, writes what is there. Begun and ended by one thread; its sockets are thread-safe.
 */
final class WriteRun {
  /** Bytes; what is written beyond goes out within the run. */
  private static final int BUFFER = 64 << 10;

  private volatile @Nullable Thread writer;
  private @Nullable RunStream unflushed;

  void begin() {
    writer = Thread.currentThread();
  }

  /** Writes what is kept. May block for as long as the socket does. */
  void end() throws IOException {
    writer = null;
    RunStream stream = unflushed;
    unflushed = null;
    if (stream != null) {
      stream.flush();
    }
  }

  /** Makes plain sockets that know this run. */
  SocketFactory sockets() {
    return new RunSockets();
  }

  private final class RunSockets extends SocketFactory {
    @Override
    public Socket createSocket() {
      return new RunSocket();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw onlyUnconnected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw onlyUnconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw onlyUnconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw onlyUnconnected();
    }

    /** The client configures a socket before it connects it. */
    private UnsupportedOperationException onlyUnconnected() {
      return new UnsupportedOperationException("Makes sockets that are not connected");
    }
  }

  private final class RunSocket extends Socket {
    @Override
    public OutputStream getOutputStream() throws IOException {
      return new RunStream(super.getOutputStream());
    }
  }

  private final class RunStream extends OutputStream {
    private final OutputStream out;
    private final byte[] kept = new byte[BUFFER];
    private int length;

    RunStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public synchronized void write(int one) throws IOException {
      room(1);
      kept[length++] = (byte) one;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) throws IOException {
      room(count);
      if (count > kept.length) {
        out.write(bytes, offset, count);
      } else {
        System.arraycopy(bytes, offset, kept, length, count);
        length += count;
      }
    }

    @Override
    public void flush() throws IOException {
      if (Thread.currentThread() == writer) {
        unflushed = this;
      } else {
        writeKept();
      }
    }

    private void room(int count) throws IOException {
      if (count > kept.length - length) {
        writeKept();
      }
    }

    private synchronized void writeKept() throws IOException {
      int count = length;
      length = 0; // also if that fails: then the connection is over
      if (count > 0) {
        out.write(kept, 0, count);
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
