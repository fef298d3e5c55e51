// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What happens to the services of a story, one thing after another, in an order drawn by a seed:
 * they are killed, stopped, replaced, and their broker and network fail, each once before anything
 * happens again. After each the story goes on until work is done again. Used by one thread.
 */
final class Turmoil {
  private static final int SOME = 30;

  private final ReceiveStory story;
  private final Random random;
  private final List<Fault> faults;
  private final Map<String, Integer> happened = new TreeMap<>();

  /** Something that befalls the broker or the network, and is over when it was run. */
  record Fault(String name, Runnable happening) {}

  Turmoil(ReceiveStory story, Random random, List<Fault> faults) {
    this.story = story;
    this.random = random;
    this.faults = faults;
  }

  /** Goes on for so long. */
  void last(Duration time) {
    story.start();
    story.start();
    story.awaitDone(SOME);
    List<Fault> all = new ArrayList<>(faults);
    all.add(new Fault("a service is killed", this::kill));
    all.add(new Fault("a service is killed and none replaces it for a while", this::killAndWait));
    all.add(new Fault("a service is replaced", this::replace));
    all.add(new Fault("a third one comes and goes", this::visit));
    all.add(new Fault("a service sleeps", this::sleep));
    List<Fault> bag = new ArrayList<>();
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < time.toNanos()) {
      if (bag.isEmpty()) {
        bag.addAll(all);
        Collections.shuffle(bag, random);
      }
      Fault next = bag.remove(0);
      happened.merge(next.name, 1, Integer::sum);
      next.happening.run();
      story.disturbed();
      story.awaitDone(SOME);
    }
  }

  private ChildService any() {
    List<ChildService> services = story.services();
    return services.get(random.nextInt(services.size()));
  }

  private void kill() {
    story.kill(inWork());
    story.start();
  }

  private void killAndWait() {
    story.kill(inWork());
    story.awaitDone(SOME);
    story.start();
  }

  /** One of them, in mid-work: another than the one that was drawn if that one has none. */
  private ChildService inWork() {
    ChildService drawn = any();
    story.await(
        "a service in mid-work", () -> story.services().stream().anyMatch(each -> isInWork(each)));
    return isInWork(drawn)
        ? drawn
        : story.services().stream().filter(this::isInWork).findFirst().orElse(drawn);
  }

  private boolean isInWork(ChildService service) {
    return !story.effects().inHand(service.name()).isEmpty();
  }

  private void replace() {
    story.leave(any());
    story.start();
  }

  private void visit() {
    ChildService visitor = story.start();
    story.awaitDone(SOME);
    story.leave(visitor);
  }

  /** Until others do what it held. */
  private void sleep() {
    ChildService sleeper = inWork();
    Set<String> held = story.freezeInMidWork(sleeper, 0);
    story.await("others to do " + held, () -> othersBegan(sleeper, held));
    sleeper.thaw();
  }

  private boolean othersBegan(ChildService sleeper, Set<String> held) {
    return held.stream()
        .allMatch(
            id ->
                story.services().stream()
                    .filter(each -> each != sleeper)
                    .anyMatch(each -> story.effects().begun(each.name()).contains(id)));
  }

  /** What happened how often, for people. */
  @Override
  public String toString() {
    return happened.toString();
  }
}
