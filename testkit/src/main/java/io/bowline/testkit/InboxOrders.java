// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What an {@link InboxProcess} is told.
 *
 * @param opener the class that opens its inbox
 * @param address of the database; may hold a password
 * @param table where its effects go
 * @param first the number of the first message it gets
 * @param end the number behind the last one
 */
record InboxOrders(String opener, String address, String topic, String table, int first, int end)
    implements ChildJvm.Orders {

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(opener);
    out.writeUTF(address);
    out.writeUTF(topic);
    out.writeUTF(table);
    out.writeInt(first);
    out.writeInt(end);
    out.flush();
  }

  static InboxOrders read(DataInputStream in) throws IOException {
    return new InboxOrders(
        in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readInt(), in.readInt());
  }

  /** Never the address. */
  @Override
  public String toString() {
    return opener + " with messages " + first + " to " + end + " of " + topic;
  }
}
