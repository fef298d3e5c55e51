// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import io.bowline.lock.LeasedLocks;
import io.bowline.lock.LockLease;
import io.bowline.lock.LockLeases;
import io.bowline.message.Names;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * Locks lent by ZooKeeper (3.5.3 or later), for {@link LeasedLocks}: whoever has an ephemeral node
 * below the node of a name, and the oldest if there are several, has the lock. Thread-safe.
 *
 * <pre>{@code
 * KeyLock locks =
 *     LeasedLocks.in(ZooKeeperLockLeases.in(curator, "beans"), ZooKeeperLockLeases.LEASE);
 * }</pre>
 *
 * <p>A node lasts as long as the session of the {@code CuratorFramework}, which its heartbeats
 * keep; the lease only says how long its holder believes in it without an answer. It is renewed by
 * a write, since a server that lost its leader still answers what is read. The leader knows of
 * heartbeats to other servers a little late, up to a third of a session; so the session must be
 * half as long again as the lease, and then the holder has given up before the leader ends it. A
 * session that is known to have ended is told at once.
 *
 * <p>The token is the number of the transaction that made the node (czxid), which ZooKeeper counts
 * upwards for all its nodes together: so tokens grow though nothing stays of a name that is free. A
 * ZooKeeper that is set up anew, or put back from a backup, begins with smaller ones, which a fence
 * refuses: then begin a new realm there.
 *
 * <p>The nodes of names are containers, which the server removes some time after they are empty.
 * All nodes are made by the client as it was given: with its namespace, logins and ACLs.
 */
public final class ZooKeeperLockLeases implements LockLeases {
  /**
   * A lease that fits Curator's session of 60 s as a server cuts it with its own settings, to 40 s:
   * 20 s.
   */
  public static final Duration LEASE = Duration.ofSeconds(20);

  /** How long ZooKeeper may take to answer: 5 s. */
  public static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  private static final String ROOT = "/bowline/lock/";

  private final CuratorFramework client;
  private final LockNodes nodes;
  private final String root;

  /** By owner. */
  private final Map<String, Granted> granted = new ConcurrentHashMap<>();

  /**
   * A lock that was lent.
   *
   * @param path its node
   * @param session in which that was made: a handle has one session only
   */
  private record Granted(LockLease lease, String path, ZooKeeper session) {
    boolean mayLive() {
      return session.getState().isAlive();
    }
  }

  private ZooKeeperLockLeases(CuratorFramework client, String realm) {
    this.client = client;
    nodes = new LockNodes(client);
    root = ROOT + NodeName.of(realm) + "/";
  }

  /**
   * Locks in this ZooKeeper, which is not asked before the first call. The caller starts the
   * client, and closes it in the end, after the locks.
   *
   * @param realm keeps the names of one use apart from those of another, such as {@code beans}
   * @throws IllegalArgumentException if the realm is blank
   */
  public static ZooKeeperLockLeases in(CuratorFramework client, String realm) {
    return new ZooKeeperLockLeases(client, Names.required("realm of locks", realm));
  }

  @Override
  public Optional<LockLease> take(String name, String owner, Duration length) {
    String what = "Taking the lock of " + name;
    String place = root + NodeName.of(name);
    if (!nodes.below(what, place).isEmpty()) {
      return Optional.empty(); // most questions end here, and cost no write
    }
    ZooKeeper session = session(what);
    demandLongEnough(what, session, length);
    String path = place + "/" + UUID.randomUUID(); // never twice, so what is late harms nobody
    Stat own = nodes.make(what, path, name);
    try {
      if (!isOldest(what, place, path, own)) {
        nodes.remove(path);
        return Optional.empty();
      }
      demandSame(what, session, own);
    } catch (RuntimeException failure) {
      nodes.remove(path);
      throw failure;
    }
    LockLease lease = new LockLease(name, owner, own.getCzxid());
    granted.put(owner, new Granted(lease, path, session));
    return Optional.of(lease);
  }

  /** What is older than ours was made before it, so our own session sees it by now. */
  private boolean isOldest(String what, String place, String path, Stat own) {
    for (String node : nodes.below(what, place)) {
      String other = place + "/" + node;
      if (!other.equals(path) && nodes.isOlder(what, other, own)) {
        return false;
      }
    }
    return true;
  }

  private ZooKeeper session(String what) {
    try {
      return client.getZookeeperClient().getZooKeeper();
    } catch (Exception e) {
      throw new ZooKeeperStoreException(what + " in ZooKeeper failed: " + e.getMessage(), e);
    }
  }

  private static void demandLongEnough(String what, ZooKeeper session, Duration length) {
    long millis = session.getSessionTimeout();
    if (millis <= 0) { // it was replaced a moment ago, and is not connected yet
      throw unconnected(what);
    }
    if (length.toMillis() * 3 > millis * 2) {
      throw new IllegalStateException(
          "%s: a lease of %d ms needs a session of %d ms, but this one has %d ms, as the client"
                  .formatted(what, length.toMillis(), length.toMillis() * 3 / 2, millis)
              + " asked for (sessionTimeoutMs) or the server allows (maxSessionTimeout). Give"
              + " LeasedLocks.in a lease of at most %d ms".formatted(millis * 2 / 3));
    }
  }

  private void demandSame(String what, ZooKeeper session, Stat own) {
    if (!isIn(session, own)) {
      throw new ZooKeeperStoreException(
          what + " in ZooKeeper failed: its session ended meanwhile, so try again", null);
    }
  }

  /** Whether all that was asked since this was the session went by it, and the node is its. */
  private boolean isIn(ZooKeeper session, Stat own) {
    return session("Looking at the session") == session
        && session.getSessionId() == own.getEphemeralOwner();
  }

  @Override
  public boolean renew(LockLease lease, Duration length) {
    Granted held = granted.get(lease.owner());
    if (held == null || !held.mayLive()) {
      return false;
    }
    String what = "Renewing the lock of " + lease.name();
    demandConnection(what);
    if (session(what) != held.session) {
      return false;
    }
    Duration within = shorter(ANSWER_WITHIN, length.dividedBy(3));
    Optional<Stat> written = nodes.touch(what, held.path, lease.name(), within);
    return written.isPresent() && isIn(held.session, written.get());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void demandConnection(String what) {
    if (!nodes.isConnected()) {
      throw unconnected(what);
    }
  }

  private static ZooKeeperStoreException unconnected(String what) {
    return new ZooKeeperStoreException(what + " in ZooKeeper failed: there is no connection", null);
  }

  @Override
  public void giveBack(LockLease lease) {
    Granted held = granted.remove(lease.owner());
    if (held == null || !held.mayLive()) {
      return; // what a taking left unclear is removed by itself, and a session's end removes all
    }
    nodes.delete("Giving back the lock of " + lease.name(), held.path);
  }

  /** Curator says LOST for a session that ended, and when it gave one up itself. */
  @Override
  public Runnable tellWhatIsOver(Consumer<LockLease> over) {
    ConnectionStateListener listener =
        (unused, state) -> {
          if (state == ConnectionState.LOST || state == ConnectionState.RECONNECTED) {
            granted.values().stream()
                .filter(held -> !held.mayLive())
                .forEach(held -> over.accept(held.lease));
          }
        };
    client.getConnectionStateListenable().addListener(listener);
    return () -> client.getConnectionStateListenable().removeListener(listener);
  }
}
