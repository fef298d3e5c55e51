// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WriteRunTest {
  private final WriteRun run = new WriteRun();
  private ServerSocket listener;
  private Socket near;
  private Socket far;
  private OutputStream out;
  private InputStream in;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    near = run.sockets().createSocket();
    near.connect(listener.getLocalSocketAddress());
    far = listener.accept();
    out = near.getOutputStream();
    in = far.getInputStream();
  }

  @AfterEach
  void close() throws IOException {
    near.close();
    far.close();
    listener.close();
  }

  @Test
  void aRunIsWrittenAtItsEnd() throws IOException {
    run.begin();
    write(1, 2);
    write(3);
    assertEquals(0, in.available());
    run.end();
    assertArrayEquals(new byte[] {1, 2, 3}, in.readNBytes(3));
  }

  @Test
  void outsideARunEachFlushWrites() throws IOException {
    write(1);
    assertEquals(1, in.read());
    run.begin();
    run.end();
    write(2);
    assertEquals(2, in.read());
  }

  @Test
  void anotherThreadsFlushWritesWhatIsThere() throws IOException {
    run.begin();
    write(1);
    CompletableFuture.runAsync(
            () -> {
              try {
                write(2);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            })
        .join();
    assertArrayEquals(new byte[] {1, 2}, in.readNBytes(2));
    run.end();
  }

  @Test
  void whatIsLargerThanTheBufferKeepsItsPlace() throws IOException {
    byte[] large = new byte[200_000];
    large[0] = 2;
    large[large.length - 1] = 3;
    CompletableFuture<byte[]> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return in.readNBytes(large.length + 2);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    run.begin();
    write(1);
    out.write(large, 0, large.length);
    write(4);
    run.end();
    byte[] got = read.join();
    assertArrayEquals(
        new byte[] {1, 2, 3, 4}, new byte[] {got[0], got[1], got[200_000], got[200_001]});
  }

  private void write(int... bytes) throws IOException {
    for (int each : bytes) {
      out.write(each);
    }
    out.flush();
  }
}
