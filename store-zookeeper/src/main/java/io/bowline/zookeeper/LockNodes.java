// SPDX-License-Identifier: Apache-2.0
package io.bowline.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of locks, by a user's client: asked in the background, and waited for within bounds.
 * Each throws {@link ZooKeeperStoreException} if it could not be done, or nobody knows.
 * Thread-safe.
 */
final class LockNodes {
  private static final Logger log = LoggerFactory.getLogger(LockNodes.class);

  /** The most letters of a name in a node, for people. */
  private static final int SHOWN = 200;

  private static final Duration WITHIN = ZooKeeperLockLeases.ANSWER_WITHIN;

  private final CuratorFramework client;

  LockNodes(CuratorFramework client) {
    this.client = client;
  }

  boolean isConnected() {
    return client.getZookeeperClient().isConnected();
  }

  private static Answer answer(String what) {
    return new Answer(what, unused -> {});
  }

  /** What is below a node, which need not be there. */
  List<String> below(String what, String place) {
    Answer answer = answer(what);
    CuratorEvent event =
        answer.to(to -> client.getChildren().inBackground(to).forPath(place), WITHIN);
    return switch (Answer.code(event)) {
      case OK -> event.getChildren();
      case NONODE -> List.of();
      default -> throw answer.refusal(event);
    };
  }

  /**
   * Makes an ephemeral node. One that was made and nobody knows of would lock its name for as long
   * as the session lasts: it is removed.
   */
  Stat make(String what, String path, String name) {
    Answer answer = new Answer(what, code -> removeUnlessNever(path, code));
    Stat stat = new Stat();
    CuratorEvent event =
        answer.to(
            to ->
                client
                    .create()
                    .storingStatIn(stat)
                    .creatingParentContainersIfNeeded()
                    .withMode(CreateMode.EPHEMERAL)
                    .inBackground(to)
                    .forPath(path, shown(name)),
            WITHIN);
    Code code = Answer.code(event);
    if (code != Code.OK) {
      removeUnlessNever(path, code);
      throw answer.refusal(event);
    }
    return stat;
  }

  private static byte[] shown(String name) {
    return name.substring(0, Math.min(name.length(), SHOWN)).getBytes(UTF_8);
  }

  private void removeUnlessNever(String path, Code made) {
    if (made != Code.NONODE && made != Code.NOAUTH) {
      remove(path);
    }
  }

  /** Removes one without waiting, and again until it is done or the session is over. */
  void remove(String path) {
    try {
      client.delete().guaranteed().inBackground().forPath(path);
    } catch (Exception closed) {
      log.debug("{} goes with its session, since it cannot be removed", path, closed);
    }
  }

  /** Likewise, and waits until it is done; not without a connection. */
  void delete(String what, String path) {
    if (!isConnected()) {
      remove(path);
      throw new ZooKeeperStoreException(
          what + " in ZooKeeper waits for a connection: then it is done by itself", null);
    }
    Answer answer = answer(what);
    CuratorEvent event =
        answer.to(to -> client.delete().guaranteed().inBackground(to).forPath(path), WITHIN);
    Code code = Answer.code(event);
    if (code != Code.OK && code != Code.NONODE) {
      throw answer.refusal(event);
    }
  }

  /** Whether a node is there and was made before ours. */
  boolean isOlder(String what, String path, Stat ours) {
    Answer answer = answer(what);
    CuratorEvent event =
        answer.to(to -> client.checkExists().inBackground(to).forPath(path), WITHIN);
    return switch (Answer.code(event)) {
      case OK -> event.getStat().getCzxid() < ours.getCzxid();
      case NONODE -> false;
      default -> throw answer.refusal(event);
    };
  }

  /** Writes a node; empty if it is gone. */
  Optional<Stat> touch(String what, String path, String name, Duration within) {
    Answer answer = answer(what);
    CuratorEvent event =
        answer.to(to -> client.setData().inBackground(to).forPath(path, shown(name)), within);
    return switch (Answer.code(event)) {
      case OK -> Optional.of(event.getStat());
      case NONODE -> Optional.empty();
      default -> throw answer.refusal(event);
    };
  }
}
