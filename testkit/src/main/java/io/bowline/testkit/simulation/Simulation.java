// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.simulation;

import io.bowline.producer.ReliableProducer;
import io.bowline.transport.Transport;
import java.util.function.UnaryOperator;

/**
 * A small world in virtual time: the real producers and consumers on a simulated broker that loses
 * confirms, stores twice and late, takes lanes away and restarts, while processes crash at any
 * step. All of it comes from one seed: the same seed is the same story, event by event, as long as
 * the code is the same. Immutable.
 *
 * <p>What is simulated are time, chance, the broker, the network and the order in which threads
 * take their turns. Threads change only where they wait, end or begin: races within a step, and
 * what memory shows to other threads, are not explored.
 *
 * @param seed decides everything
 * @param flaw what the broker does wrong on purpose
 * @param producers puts something around each producer
 * @param members puts something around the transport of each member of the group
 */
public record Simulation(
    long seed,
    BrokerFlaw flaw,
    UnaryOperator<ReliableProducer> producers,
    UnaryOperator<Transport> members) {

  /** The world of this seed, with a broker that keeps its promises. */
  public static Simulation of(long seed) {
    return new Simulation(
        seed, BrokerFlaw.NONE, UnaryOperator.identity(), UnaryOperator.identity());
  }

  /** The same world on a broker with this flaw. */
  public Simulation flaw(BrokerFlaw flaw) {
    return new Simulation(seed, flaw, producers, members);
  }

  /** The same world with this around each producer. */
  public Simulation producers(UnaryOperator<ReliableProducer> around) {
    return new Simulation(seed, flaw, around, members);
  }

  /** The same world with this around each member's transport. */
  public Simulation members(UnaryOperator<Transport> around) {
    return new Simulation(seed, flaw, producers, around);
  }

  /**
   * Plays it to its end: some seconds of its own time, some milliseconds of ours.
   *
   * @throws IllegalStateException if the simulation itself cannot go on, naming the seed
   */
  public SimulationResult run() {
    try {
      return new World(this).play();
    } catch (RuntimeException | Error failure) {
      throw new IllegalStateException("The world of seed " + seed + " ended early", failure);
    }
  }
}
