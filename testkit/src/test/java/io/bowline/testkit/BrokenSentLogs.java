// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.report.InMemorySentLog;
import io.bowline.report.SentLog;
import io.bowline.report.SentMark;
import io.bowline.report.SentMark.SentChain;
import io.bowline.testkit.BrokenKit.CaughtBy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Logs of what was sent with one defect each. */
final class BrokenSentLogs {
  private BrokenSentLogs() {}

  /** A healthy one, which outlives the process that opened it; a defect overrides a part. */
  private abstract static class SharedLog extends SentLogConformance implements SentLog {
    final InMemorySentLog behind = new InMemorySentLog();

    @Override
    protected SentLog open() {
      return this;
    }

    @Override
    public void add(List<SentMark> marks) {
      behind.add(marks.stream().map(this::written).toList());
    }

    @Override
    public List<SentMark> read(String topic, Instant from, Instant to) {
      return behind.read(topic, from, to);
    }

    SentMark written(SentMark mark) {
      return mark;
    }
  }

  @CaughtBy({
    "whatOneProcessWroteTheNextReads",
    "aReportCountsWhatSeveralProcessesSentBeforeAndAfterARestart",
    "threadsAndProcessesAtOnceLoseNoMark"
  })
  static final class ForgetsWithItsProcess extends SentLogConformance {
    @Override
    protected SentLog open() {
      return new InMemorySentLog();
    }
  }

  @CaughtBy({
    "whatIsReadBeginsWithTheLastMarkBefore",
    "aReportCountsWhatSeveralProcessesSentBeforeAndAfterARestart"
  })
  static final class ReadsNothingBefore extends SharedLog {
    @Override
    public List<SentMark> read(String topic, Instant from, Instant to) {
      return super.read(topic, from, to).stream()
          .filter(mark -> !mark.at().isBefore(from))
          .toList();
    }
  }

  @CaughtBy("marksMayComeInAnyOrder")
  static final class TakesTheLastWrittenForTheLastBefore extends SharedLog {
    private final List<SentMark> written = new ArrayList<>();

    @Override
    public void add(List<SentMark> marks) {
      written.addAll(marks);
    }

    @Override
    public List<SentMark> read(String topic, Instant from, Instant to) {
      List<SentMark> read = new ArrayList<>();
      SentMark before = null;
      for (SentMark mark : written) {
        boolean asked = mark.chain().topic().equals(topic) && !mark.at().isAfter(to);
        if (asked && mark.at().isBefore(from)) {
          before = mark;
        } else if (asked) {
          read.add(mark);
        }
      }
      if (before != null) {
        read.add(0, before);
      }
      return read;
    }
  }

  @CaughtBy("aMarkIsReadAsItWasWritten")
  static final class KeepsSeconds extends SharedLog {
    @Override
    SentMark written(SentMark mark) {
      return new SentMark(mark.chain(), mark.number(), mark.at().truncatedTo(ChronoUnit.SECONDS));
    }
  }

  @CaughtBy({"aMarkThatIsThereAlreadyChangesNothing", "ofTwoAtOneTimeTheGreaterStays"})
  static final class AddsARowForEach extends SharedLog {
    private long nudge;

    @Override
    synchronized SentMark written(SentMark mark) {
      return new SentMark(mark.chain(), mark.number(), mark.at().plusNanos(++nudge));
    }
  }

  @CaughtBy("ofTwoAtOneTimeTheGreaterStays")
  static final class LetsTheLastOneWin extends SharedLog {
    private final Map<String, SentMark> marks = new LinkedHashMap<>();

    @Override
    public synchronized void add(List<SentMark> added) {
      added.forEach(mark -> marks.put(mark.chain() + " " + mark.at(), mark));
    }

    @Override
    public synchronized List<SentMark> read(String topic, Instant from, Instant to) {
      return marks.values().stream()
          .filter(mark -> mark.chain().topic().equals(topic))
          .filter(mark -> !mark.at().isBefore(from) && !mark.at().isAfter(to))
          .toList();
    }
  }

  @CaughtBy("chainsAreKeptApart")
  static final class TakesLettersForAlike extends SharedLog {
    @Override
    SentMark written(SentMark mark) {
      SentChain chain = mark.chain();
      return new SentMark(
          new SentChain(
              chain.topic(), chain.lane(), chain.source().toLowerCase(Locale.ROOT), chain.epoch()),
          mark.number(),
          mark.at());
    }
  }

  @CaughtBy("chainsAreKeptApart")
  static final class LooksAtNoTopic extends SharedLog {
    @Override
    SentMark written(SentMark mark) {
      SentChain chain = mark.chain();
      return new SentMark(
          new SentChain("all", chain.lane(), chain.source(), chain.epoch()),
          mark.number(),
          mark.at());
    }

    @Override
    public List<SentMark> read(String topic, Instant from, Instant to) {
      return behind.read("all", from, to).stream()
          .map(
              mark ->
                  new SentMark(
                      new SentChain(
                          topic, mark.chain().lane(), mark.chain().source(), mark.chain().epoch()),
                      mark.number(),
                      mark.at()))
          .toList();
    }
  }

  @CaughtBy("namesMayBeLongAndOfAnyLetters")
  static final class CutsLongNames extends SharedLog {
    @Override
    SentMark written(SentMark mark) {
      SentChain chain = mark.chain();
      String source = chain.source().substring(0, Math.min(255, chain.source().length()));
      return new SentMark(
          new SentChain(chain.topic(), chain.lane(), source, chain.epoch()),
          mark.number(),
          mark.at());
    }
  }

  @CaughtBy("nothingIsWrittenAndReadWithoutHarm")
  static final class WantsAMark extends SharedLog {
    @Override
    public void add(List<SentMark> marks) {
      SentMark first = marks.get(0);
      super.add(first.number() < 0 ? List.of() : marks);
    }
  }

  @CaughtBy("manyMarksAreWrittenAtOnce")
  static final class WritesNoMoreThanHundred extends SharedLog {
    @Override
    public void add(List<SentMark> marks) {
      super.add(marks.subList(0, Math.min(100, marks.size())));
    }
  }

  @CaughtBy("threadsAndProcessesAtOnceLoseNoMark")
  static final class LosesRacesOfMarks extends SharedLog {
    private volatile List<SentMark> all = List.of();

    @Override
    public void add(List<SentMark> marks) {
      List<SentMark> more = new ArrayList<>(all);
      LockSupport.parkNanos(200_000);
      more.addAll(marks);
      all = more;
    }

    @Override
    public List<SentMark> read(String topic, Instant from, Instant to) {
      InMemorySentLog clean = new InMemorySentLog();
      clean.add(all);
      return clean.read(topic, from, to);
    }
  }
}
