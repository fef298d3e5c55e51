// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import io.bowline.gap.Gap.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Which chains miss something, what is to be told of them, and what is open. Pure. */
final class OpenGaps implements LaneTrack.Tidings {
  private static final Comparator<Gap> GAPS_FIRST =
      Comparator.comparing((Gap gap) -> gap.state() != State.GAP).thenComparing(Gap::since);

  private final String topic;
  private final String group;
  private final Consumer<LaneTrack> toBeSaved;

  /** Those that miss something which was not told. */
  private final Set<LaneTrack> suspicious = new HashSet<>();

  /** Those that miss something, and some that did. */
  private final Set<LaneTrack> lacking = new LinkedHashSet<>();

  private List<Gap> news = new ArrayList<>();
  private long changes;

  OpenGaps(String topic, String group, Consumer<LaneTrack> toBeSaved) {
    this.topic = topic;
    this.group = group;
    this.toBeSaved = toBeSaved;
  }

  @Override
  public void tell(LaneTrack chain, Missing range, State state) {
    news.add(gap(chain, range, state));
    toBeSaved.accept(chain);
    changes++;
  }

  @Override
  public void suspects(LaneTrack chain) {
    suspicious.add(chain);
    lacking.add(chain);
    changes++;
  }

  @Override
  public void suspectsLess(LaneTrack chain) {
    changes++;
  }

  /** Something is missing that no chain tells of. */
  void tell(Gap gap) {
    news.add(gap);
  }

  /** Looks for what was promised by then, and did not come. */
  void look(long promisedBy) {
    if (!suspicious.isEmpty()) {
      suspicious.removeIf(chain -> !chain.due(promisedBy));
    }
  }

  /** What is to be told, once. */
  List<Gap> takeNews() {
    if (news.isEmpty()) {
      return List.of();
    }
    List<Gap> taken = List.copyOf(news);
    news = new ArrayList<>();
    return taken;
  }

  private Gap gap(LaneTrack chain, Missing range, State state) {
    return new Gap(
        new Gap.Chain(topic, group, chain.source, chain.epoch, chain.lane),
        range.from(),
        range.to(),
        range.keys(),
        Instant.ofEpochMilli(range.since()),
        state);
  }

  /** Another number whenever what is open may be different. */
  long changes() {
    return changes;
  }

  /** What is missing now: gaps before what is suspected, and those of long ago first. */
  List<Gap> all() {
    lacking.removeIf(chain -> !chain.misses());
    List<Gap> open = new ArrayList<>();
    for (LaneTrack chain : lacking) {
      for (Missing range : chain.missing()) {
        open.add(gap(chain, range, range.told() ? State.GAP : State.SUSPECT));
      }
    }
    open.sort(GAPS_FIRST);
    return open;
  }

  void forget(Set<Integer> lanes) {
    suspicious.removeIf(chain -> lanes.contains(chain.lane));
    if (lacking.removeIf(chain -> lanes.contains(chain.lane))) {
      changes++;
    }
  }
}
