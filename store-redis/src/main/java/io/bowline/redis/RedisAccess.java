// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a Redis, for all stores that keep something there: one connection, which is opened
 * when it is first needed and comes back by itself when it was lost. What gets no answer within
 * {@link #ANSWER_WITHIN} fails. At the first connection it is looked whether Redis may forget what
 * it is told, and a WARN says so. Thread-safe.
 *
 * <pre>{@code
 * try (RedisAccess redis = RedisAccess.connect("redis://user:password@host:6379/0")) {
 *   …
 * }
 * }</pre>
 */
public final class RedisAccess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RedisAccess.class);

  /** How long Redis may take to answer, and how long it may take to connect: 5 s each. */
  public static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private final Door door;
  private @Nullable Link link;
  private boolean closed;

  /** Opens connections of one kind. */
  private interface Door {
    Link open();

    /** Ends what is ours. */
    void close();
  }

  private RedisAccess(Door door) {
    this.door = door;
  }

  /**
   * The way to this address, such as {@code redis://host:6379}, {@code rediss://…} for TLS, or
   * {@code redis-sentinel://…} as Lettuce writes it; no connection is made yet. What was sent when
   * a connection was lost is not sent again: it fails.
   *
   * @throws IllegalArgumentException if that is no address of a Redis; the message does not have it
   */
  public static RedisAccess connect(String address) {
    RedisURI uri = uri(address);
    uri.setTimeout(ANSWER_WITHIN);
    RedisClient client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .replayFilter(command -> true)
            .socketOptions(SocketOptions.builder().connectTimeout(ANSWER_WITHIN).build())
            .timeoutOptions(TimeoutOptions.enabled(ANSWER_WITHIN))
            .build());
    return new RedisAccess(new OfClient(client, true));
  }

  private static RedisURI uri(String address) {
    try {
      return RedisURI.create(address);
    } catch (IllegalArgumentException notOne) {
      // Neither the address nor its cause is told: it may hold a password.
      throw new IllegalArgumentException(
          "The address of Redis cannot be read: it should be like redis://host:6379 or"
              + " rediss://user:password@host:6379/0");
    }
  }

  /**
   * By a client of the caller's, who closes it in the end. With Lettuce's own settings it sends
   * again what was under way when a connection was lost, so that an attempt may be counted twice;
   * {@code ClientOptions.replayFilter(command -> true)} prevents that.
   */
  public static RedisAccess of(RedisClient client) {
    return new RedisAccess(new OfClient(client, false));
  }

  /** By a client of a cluster, which the caller closes in the end. As {@link #of(RedisClient)}. */
  public static RedisAccess of(RedisClusterClient client) {
    return new RedisAccess(new OfCluster(client));
  }

  private record OfClient(RedisClient client, boolean ours) implements Door {
    @Override
    public Link open() {
      return Link.of(client.connect(CODEC));
    }

    @Override
    public void close() {
      if (ours) {
        client.shutdown();
      }
    }
  }

  private record OfCluster(RedisClusterClient client) implements Door {
    @Override
    public Link open() {
      return Link.of(client.connect(CODEC));
    }

    @Override
    public void close() {}
  }

  /**
   * Has a script done.
   *
   * @param what it is, for an error: {@code "Saving lane 3"}
   * @param keys all of one slot of a cluster
   * @return its answer: texts as bytes, numbers as Long
   * @throws RedisStoreException if it could not be done, or if nobody knows whether it was
   */
  List<Object> run(String what, Script script, List<String> keys, byte[]... values) {
    String[] names = keys.toArray(String[]::new);
    try {
      Link open = link();
      try {
        return answer(open.scripts.evalsha(script.digest(), ScriptOutputType.MULTI, names, values));
      } catch (RedisNoScriptException notSeenYet) {
        return answer(open.scripts.eval(script.text(), ScriptOutputType.MULTI, names, values));
      }
    } catch (RuntimeException | TimeoutException failure) {
      throw new RedisStoreException(what + " in Redis failed: " + said(failure), failure);
    }
  }

  private static String said(Exception failure) {
    return failure instanceof TimeoutException
        ? "no answer within " + ANSWER_WITHIN.toSeconds() + " s, so it may have been done"
        : String.valueOf(failure.getMessage());
  }

  private static <T> T answer(RedisFuture<T> asked) throws TimeoutException {
    try {
      return asked.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      asked.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for its answer", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(String.valueOf(e.getCause()), e);
    } catch (CancellationException e) {
      throw new IllegalStateException("given up, since the connection is closed", e);
    } finally {
      asked.cancel(true); // what was not written yet is never written
    }
  }

  private synchronized Link link() {
    if (closed) {
      throw new IllegalStateException("this access is closed");
    }
    Link open = link;
    if (open == null) {
      open = door.open();
      link = open;
      tell(open);
    }
    return open;
  }

  private static void tell(Link open) {
    String info = "";
    try {
      info = answer(open.info.get());
    } catch (RuntimeException | TimeoutException forbidden) {
      log.debug("Redis does not answer INFO", forbidden);
    }
    for (String finding : Durability.findings(info)) {
      log.warn("Redis may forget what Bowline keeps there: {}", finding);
    }
  }

  /** Ends the connection; a client that was given stays as it is. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (link != null) {
        link.connection.close();
      }
      door.close();
    }
  }
}
