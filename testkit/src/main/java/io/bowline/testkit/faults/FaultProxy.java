// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on 127.0.0.1 before one server, for tests of what a network may do: it forwards, and
 * on command it cuts, swallows answers, freezes, refuses and delays.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to("127.0.0.1", port)) {
 *   proxy.dropAnswers();                          // requests go through, answers do not
 *   send(message);                                // to 127.0.0.1:proxy.port()
 *   proxy.awaitDropped(1, ofSeconds(10));         // the server has answered: it is stored
 *   proxy.cutAfterRequests();                     // and the client never learns it
 * }
 * }</pre>
 *
 * <p>At most {@value #MOST_CONNECTIONS} connections are open at once; each has two threads and
 * buffers of 64 KiB. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
  /** The most connections at once; more are refused. */
  public static final int MOST_CONNECTIONS = 256;

  /** How long the proxy tries to reach the server for a new connection, in milliseconds. */
  static final int CONNECT_MILLIS = 5_000;

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final ProxyState state = new ProxyState();
  private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();

  private FaultProxy(int port, InetSocketAddress target) {
    this.target = target;
    try {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
    } catch (IOException e) {
      throw new UncheckedIOException("Listening on 127.0.0.1:" + port + " for " + target, e);
    }
    Thread acceptor = new Thread(this::acceptAll, "fault-proxy-" + listener.getLocalPort());
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /** Starts a proxy before a server, on any free port. The server need not be there yet. */
  public static FaultProxy to(String host, int port) {
    return new FaultProxy(0, new InetSocketAddress(host, port));
  }

  /**
   * Starts a proxy on a port chosen beforehand, for a server that is told which address clients
   * use: take it from {@code FreePorts}.
   *
   * @throws UncheckedIOException if the port is in use
   */
  public static FaultProxy on(int listen, String host, int port) {
    return new FaultProxy(listen, new InetSocketAddress(host, port));
  }

  /** The port on 127.0.0.1 to which clients connect. */
  public int port() {
    return listener.getLocalPort();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        accepted(listener.accept());
      } catch (IOException e) {
        if (!listener.isClosed()) {
          state.failed("accepting a connection: " + e);
        }
      }
    }
  }

  private void accepted(Socket client) {
    if (state.refuses() || links.size() >= MOST_CONNECTIONS) {
      ProxyLink.reset(client);
      return;
    }
    ProxyLink link = new ProxyLink(client, target, state, links::remove);
    links.add(link);
    link.start();
    if (listener.isClosed()) { // else a close at this moment would miss it
      link.cut();
    }
  }

  /** Forwards again, at once: thaws, drops no answers, accepts connections, without latency. */
  public void forward() {
    state.forward();
  }

  /**
   * Resets all connections, towards both sides, and returns how many there were. Ends {@link
   * #dropAnswers}: connections made from now on are whole.
   */
  public int cutAll() {
    List<ProxyLink> present = List.copyOf(links);
    present.forEach(ProxyLink::cut);
    state.keepAnswers();
    return present.size();
  }

  /**
   * From now on swallows all that the server answers, on connections present and to come, while
   * requests still reach it. The swallowed bytes are gone, so the only sound end is a cut.
   */
  public void dropAnswers() {
    state.dropAnswers();
  }

  /**
   * Cuts as the moment between the write and the answer: the clients' side is reset, while the
   * server reads all that was forwarded before it sees an orderly end. Ends {@link #dropAnswers}.
   */
  public int cutAfterRequests() {
    List<ProxyLink> present = List.copyOf(links);
    present.forEach(ProxyLink::cutAfterRequests);
    state.keepAnswers();
    return present.size();
  }

  /**
   * Drops answers from now on, waits until so many more bytes of requests were forwarded, and then
   * cuts as {@link #cutAfterRequests} does. Whoever needs to know that the server has done its work
   * too calls the three steps and {@link #awaitDropped} between.
   *
   * @throws AssertionError if not so many bytes came in time; it cuts all the same
   */
  public void dropAnswersThenCut(long requestBytes, Duration within) {
    long before = state.toServer();
    dropAnswers();
    try {
      awaitToServer(before + requestBytes, within);
    } finally {
      cutAfterRequests();
    }
  }

  /**
   * Forwards nothing any more in either direction; all sockets stay open and new ones are accepted,
   * as when a cable is pulled and nobody tells. What comes meanwhile is forwarded after {@link
   * #thaw}.
   */
  public void freeze() {
    state.freeze();
  }

  /**
   * Freezes the connections that are there now, and serves new ones: a half-open connection that a
   * client must notice by itself.
   */
  public void freezePresent() {
    links.forEach(ProxyLink::freeze);
  }

  /** Ends every freezing; what was held back is forwarded. */
  public void thaw() {
    links.forEach(ProxyLink::thaw);
    state.thaw();
  }

  /** Resets the connections that {@link #freezePresent} froze; what they held is gone. */
  public int cutFrozen() {
    List<ProxyLink> frozen = links.stream().filter(ProxyLink::frozen).toList();
    frozen.forEach(ProxyLink::cut);
    return frozen.size();
  }

  /** Resets each new connection from now on. */
  public void refuseConnections() {
    state.refuse(true);
  }

  /** Takes new connections again. */
  public void acceptConnections() {
    state.refuse(false);
  }

  /** Holds back each read of at most 64 KiB this long, one after another; zero for none. */
  public void latency(Duration eachWay) {
    state.latency(eachWay);
  }

  /** How many connections were ever taken. */
  public long connections() {
    return state.connections();
  }

  /** How many connections are open now. */
  public int open() {
    return links.size();
  }

  /** How many bytes were forwarded to the server. */
  public long toServer() {
    return state.toServer();
  }

  /** How many bytes were forwarded to clients. */
  public long toClients() {
    return state.toClients();
  }

  /** How many bytes of answers were swallowed. */
  public long dropped() {
    return state.dropped();
  }

  /** Waits until so many connections were ever taken; {@link AssertionError} if not in time. */
  public void awaitConnections(long total, Duration within) {
    state.await(total + " connections", () -> connections() >= total, within);
  }

  /** Waits until at most so many connections are open. */
  public void awaitOpenAtMost(int most, Duration within) {
    state.await("at most " + most + " open", () -> open() <= most, within);
  }

  /** Waits until so many bytes in all were forwarded to the server. */
  public void awaitToServer(long total, Duration within) {
    state.await(total + " bytes to the server", () -> toServer() >= total, within);
  }

  /** Waits until so many bytes in all were forwarded to clients. */
  public void awaitToClients(long total, Duration within) {
    state.await(total + " bytes to clients", () -> toClients() >= total, within);
  }

  /** Waits until so many bytes of answers in all were swallowed. */
  public void awaitDropped(long total, Duration within) {
    state.await(total + " dropped bytes", () -> dropped() >= total, within);
  }

  /** Cuts all, and listens no more. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Closing " + this, e);
    } finally {
      cutAll();
    }
  }

  @Override
  public String toString() {
    return "FaultProxy[127.0.0.1:"
        + port()
        + " to "
        + target
        + ", "
        + open()
        + " open, "
        + state
        + "]";
  }
}
