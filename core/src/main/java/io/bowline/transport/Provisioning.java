// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import io.bowline.transport.Provisioning.Part.State;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was made of a topic as it should be, what was there, and what is there otherwise than it was
 * asked for. Immutable.
 *
 * @param topic its name
 * @param lanes how many lanes it has, or would have
 * @param parts the topic, its groups, its dead letters and their settings
 */
public record Provisioning(String topic, int lanes, List<Part> parts) {

  /** Copies the list. */
  public Provisioning {
    parts = List.copyOf(parts);
  }

  /** Whether something is to be done. */
  public enum Mode {
    /** What is missing is made. */
    MAKE,
    /** Nothing is made, and nothing is changed. */
    LOOK
  }

  /**
   * One thing that should be there.
   *
   * @param what its name: {@code topic beans.deduct}, {@code replication factor of topic
   *     beans.deduct}
   * @param state what became of it
   * @param wanted as it should be
   * @param found as it is; empty if it is missing, or was just made
   */
  public record Part(String what, State state, String wanted, String found) {

    /** What became of a part. */
    public enum State {
      /** It is not there; only where nothing was to be made. */
      MISSING,
      /** It was not there, and was made. */
      MADE,
      /** It is there, as it should be. */
      PRESENT,
      /** It is there, otherwise than it should be, and was left as it is. */
      DIFFERENT,
      /** It is there, and how it is could not be read, for want of a right for example. */
      UNREAD
    }

    /** It was not there: and was made, if something was to be done. */
    public static Part absent(Mode mode, String what, String wanted) {
      return new Part(what, mode == Mode.MAKE ? State.MADE : State.MISSING, wanted, "");
    }

    /** It is there. */
    public static Part compared(String what, String wanted, String found) {
      return new Part(what, wanted.equals(found) ? State.PRESENT : State.DIFFERENT, wanted, found);
    }

    /** One line; with both sides if they differ. */
    @Override
    public String toString() {
      return switch (state) {
        case MISSING, MADE, PRESENT -> "%-9s %s: %s".formatted(state, what, wanted);
        case DIFFERENT -> "%-9s %s: wanted %s, found %s".formatted(state, what, wanted, found);
        case UNREAD -> "%-9s %s: wanted %s, but %s".formatted(state, what, wanted, found);
      };
    }
  }

  /** True if all is there as it should be, as far as it could be read. */
  public boolean isAsAsked() {
    return parts(State.MISSING).isEmpty() && parts(State.DIFFERENT).isEmpty();
  }

  /** The parts of this state. */
  public List<Part> parts(State state) {
    return parts.stream().filter(part -> part.state() == state).toList();
  }

  /** This topic, with the parts of another one after its own. */
  Provisioning and(Provisioning other) {
    return new Provisioning(
        topic, lanes, Stream.concat(parts.stream(), other.parts.stream()).toList());
  }

  /** For people: a line of each part. */
  @Override
  public String toString() {
    return parts.stream().map(Part::toString).collect(Collectors.joining("\n"));
  }
}
