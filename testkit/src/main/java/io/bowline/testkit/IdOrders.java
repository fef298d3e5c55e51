// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What an {@link IdProcess} is told.
 *
 * @param opener the class that opens its ids
 * @param address of the store; may hold a password
 * @param name of what is shared in the store
 * @param skewMillis by how much its clock is ahead
 * @param file to which it writes what it drew
 * @param most how many ids it draws
 */
record IdOrders(String opener, String address, String name, long skewMillis, Path file, long most)
    implements ChildJvm.Orders {

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(opener);
    out.writeUTF(address);
    out.writeUTF(name);
    out.writeLong(skewMillis);
    out.writeUTF(file.toString());
    out.writeLong(most);
    out.flush();
  }

  static IdOrders read(DataInputStream in) throws IOException {
    return new IdOrders(
        in.readUTF(),
        in.readUTF(),
        in.readUTF(),
        in.readLong(),
        Path.of(in.readUTF()),
        in.readLong());
  }

  /** Never the address. */
  @Override
  public String toString() {
    return opener + " of " + name + ", clock ahead by " + skewMillis + " ms, to " + file;
  }
}
