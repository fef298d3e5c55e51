// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.gap.Gap;
import io.bowline.gap.GapListener;
import io.bowline.gap.InMemoryGapStore;
import io.bowline.gap.Silence;
import io.bowline.message.LaneNumber;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import io.bowline.message.Watermark;
import io.bowline.report.InMemorySentLog;
import io.bowline.report.SentMark;
import io.bowline.report.SentMark.SentChain;
import io.bowline.transport.Await;
import io.bowline.transport.ScriptedSubscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConsumerWatermarksTest {
  private final Scene scene = new Scene();
  private final List<Gap> gaps = new CopyOnWriteArrayList<>();
  private final List<Silence> silences = new CopyOnWriteArrayList<>();

  /** Writes down what it hears. */
  private final class Heard implements GapListener {
    @Override
    public void onGap(Gap gap) {
      gaps.add(gap);
    }

    @Override
    public void onSilence(Silence silence) {
      silences.add(silence);
    }
  }

  ConsumerWatermarksTest() {
    scene.builder.onGap(new Heard());
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static void deliver(ScriptedSubscription member, long... numbers) {
    for (long number : numbers) {
      LaneNumber lane = LaneNumber.of(0, number);
      Stamp stamp = new Stamp("id-" + number, "shop", 1, null, lane, Stamp.NO_DIGEST);
      Map<String, String> headers = Map.of(StampCodec.HEADER, StampCodec.write(stamp));
      member.deliver(0, null, Long.toString(number), headers);
    }
  }

  private static void mark(ScriptedSubscription member, long number, long within) {
    Watermark mark = new Watermark("shop", 1, LaneNumber.of(0, number), 0, within, false);
    member.deliver(0, null, "", Map.of(Watermark.HEADER, mark.text()));
  }

  @Test
  void noHandlerGetsAWatermarkAndItIsAcknowledged() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    mark(member, 1, 60_000);
    member.deliver(0, null, "", Map.of(Watermark.HEADER, "9;of a later version"));
    deliver(member, 1);
    Await.until("all are acknowledged", () -> member.accepted().size() == 3);
    assertEquals(List.of("1"), scene.begun);
    assertEquals(1, scene.consumer().close(Duration.ofSeconds(60)).settled());
  }

  @Test
  void theLossOfTheLastMessagesIsTold() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    deliver(member, 1, 2, 3);
    mark(member, 6, 60_000);
    Await.until("the gap is told", () -> !gaps.isEmpty());
    assertEquals("4-5", gaps.get(0).from() + "-" + gaps.get(0).to());
  }

  @Test
  void whatAWatermarkPromisedIsStillMissedByTheNextMember() throws InterruptedException {
    InMemoryGapStore store = new InMemoryGapStore();
    scene.builder.gapStore(store);
    ScriptedSubscription member = scene.start();
    deliver(member, 1, 2, 3);
    mark(member, 6, 60_000);
    Await.until("all are acknowledged", () -> member.accepted().size() == 4);
    scene.consumer().close();
    assertTrue(gaps.isEmpty(), "the grace is not over");
    ScriptedSubscription next = scene.start();
    deliver(next, 6);
    Await.until("the gap is told", () -> !gaps.isEmpty());
    assertEquals("4-5", gaps.get(0).from() + "-" + gaps.get(0).to());
  }

  @Test
  void whatWatermarksSayIsWrittenDownForReports() throws InterruptedException {
    InMemorySentLog log = new InMemorySentLog();
    scene.builder.sentLog(log);
    ScriptedSubscription member = scene.start();
    for (long promised : new long[] {5, 7}) {
      mark(member, promised + 1, 60_000);
      List<SentMark> expected =
          List.of(new SentMark(new SentChain("orders", 0, "shop", 1), promised, Instant.EPOCH));
      Await.until(
          "it is written down",
          () -> log.read("orders", Instant.EPOCH, Instant.EPOCH).equals(expected));
    }
  }

  @Test
  void aProducerThatFallsSilentIsTold() throws InterruptedException {
    ScriptedSubscription member = scene.start();
    deliver(member, 1);
    mark(member, 2, 20);
    Await.until("the silence is told", () -> !silences.isEmpty());
    assertEquals("shop", silences.get(0).chain().source());
    assertEquals(Duration.ofMillis(20), silences.get(0).within());
  }
}
