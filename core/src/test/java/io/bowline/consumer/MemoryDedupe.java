// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import io.bowline.dedupe.Claim;
import io.bowline.dedupe.DedupeKey;
import io.bowline.dedupe.DedupeStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers by message id, without any lease, and fails while it is told to. Thread-safe. */
final class MemoryDedupe implements DedupeStore {
  static final String DONE = "done";

  /** By message id, the token that holds it, or that it is done. */
  final Map<String, String> states = new ConcurrentHashMap<>();

  /** What was called with success: {@code "claim orders/0/0"}. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger tokens = new AtomicInteger();
  volatile Duration lease = Duration.ofMinutes(1);
  volatile Duration remembers = Duration.ofDays(30);

  /** The call that fails. */
  volatile String fails = "";

  private void called(String what, DedupeKey message) {
    asked.incrementAndGet();
    if (fails.contains(what)) {
      throw new IllegalStateException("the store is away");
    }
    calls.add(what + " " + message.messageId());
  }

  @Override
  public Duration lease() {
    return lease;
  }

  @Override
  public Duration remembers() {
    return remembers;
  }

  @Override
  public String memory() {
    return "memory";
  }

  @Override
  public Answer claim(DedupeKey message) {
    called("claim", message);
    String mine = "token-" + tokens.incrementAndGet();
    String before = states.putIfAbsent(message.messageId(), mine);
    if (before == null) {
      return new Answer.Mine(new Claim(message, mine));
    }
    return before.equals(DONE) ? new Answer.Done() : new Answer.Busy(Duration.ofSeconds(9));
  }

  @Override
  public void extend(List<Claim> claims) {
    claims.forEach(claim -> called("extend", claim.message()));
  }

  @Override
  public boolean done(Claim claim) {
    called("done", claim.message());
    return states.replace(claim.message().messageId(), claim.token(), DONE);
  }

  @Override
  public void release(Claim claim) {
    called("release", claim.message());
    var unused = states.remove(claim.message().messageId(), claim.token());
  }
}
