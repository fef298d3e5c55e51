// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import io.bowline.transport.Receipt;
import io.bowline.transport.ScriptedTransport;
import io.bowline.transport.ScriptedTransport.Sent;
import io.bowline.transport.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A broker behind one connection at a time, which is cut at random: it stores in the order of its
 * coming, what comes after a cut and before the cut is noticed is lost, and of what was stored some
 * confirms are lost. Thread-safe.
 */
final class CutBroker {
  private final Random random;
  private final Map<String, List<Integer>> stored = new HashMap<>();
  private final Deque<Sent> unanswered = new ArrayDeque<>();
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "cut-broker");
            thread.setDaemon(true);
            return thread;
          });
  private boolean cut;
  private int cuts;

  CutBroker(long seed) {
    random = new Random(seed);
  }

  synchronized CompletableFuture<Receipt> send(Sent sent) {
    unanswered.add(sent);
    if (!cut) {
      if (random.nextInt(40) == 0) {
        cut = true;
        cuts++;
      } else {
        store(sent);
      }
    }
    if (random.nextInt(3) == 0) {
      answers.execute(this::answer);
    }
    answers.execute(this::answer);
    return sent.answer();
  }

  private void store(Sent sent) {
    List<Integer> texts =
        stored.computeIfAbsent(
            Objects.requireNonNull(sent.message().key()), k -> new ArrayList<>());
    int text = Integer.parseInt(sent.text());
    if (!texts.contains(text)) {
      texts.add(text);
    }
  }

  /** Confirms the oldest, or if the connection is cut, fails them all before there is a new one. */
  private void answer() {
    for (List<Sent> failed = failed(); !failed.isEmpty(); failed = failed()) {
      failed.forEach(sent -> sent.fail(Verdict.UNKNOWN));
    }
    Sent confirmed;
    synchronized (this) {
      confirmed = cut ? null : unanswered.poll();
    }
    if (confirmed != null) {
      confirmed.answer().complete(ScriptedTransport.receipt(confirmed.message()));
    }
  }

  private synchronized List<Sent> failed() {
    if (!cut) {
      return List.of();
    }
    List<Sent> all = List.copyOf(unanswered);
    unanswered.clear();
    cut = !all.isEmpty();
    return all;
  }

  synchronized int cuts() {
    return cuts;
  }

  /** By key, what was stored, in the order of first arrival. */
  synchronized Map<String, List<Integer>> firstStored() {
    return stored;
  }
}
