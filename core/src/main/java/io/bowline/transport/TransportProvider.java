// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

/** Opens transports of one kind of address. Found by {@link java.util.ServiceLoader}. */
public interface TransportProvider {

  /** The scheme of the addresses it opens: {@code kafka} for {@code kafka://…}. */
  String scheme();

  /**
   * Reaches the broker.
   *
   * @throws TransportException REFUSED if a property would break a promise (the message says which
   *     and why), or credentials are wrong; UNKNOWN if no broker answered within the connect
   *     timeout, naming every address tried
   */
  Transport open(TransportConfig config);
}
