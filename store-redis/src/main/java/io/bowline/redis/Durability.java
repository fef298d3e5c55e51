// SPDX-License-Identifier: Apache-2.0
package io.bowline.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a Redis may forget of what it is told, by what it says of itself. Pure. */
final class Durability {
  private Durability() {}

  /**
   * What is to be told to a person, each with what to do.
   *
   * @param info what {@code INFO} answered; empty if that is forbidden
   */
  static List<String> findings(String info) {
    Map<String, String> facts = facts(info);
    List<String> findings = new ArrayList<>();
    String policy = facts.getOrDefault("maxmemory_policy", "");
    if (policy.isEmpty()) {
      findings.add("it does not say what it does when its memory is full: UNVERIFIABLE");
    } else if (!policy.equals("noeviction")) {
      findings.add(
          "maxmemory-policy is "
              + policy
              + ", so that it forgets keys when its memory is full: set noeviction");
    }
    String log = facts.getOrDefault("aof_enabled", "");
    if (log.isEmpty()) {
      findings.add("it does not say whether it writes what it is told to a disk: UNVERIFIABLE");
    } else if (!log.equals("1")) {
      findings.add(
          "appendonly is no, so that a crash forgets what came since its last snapshot: set"
              + " appendonly yes");
    }
    return findings;
  }

  private static Map<String, String> facts(String info) {
    Map<String, String> facts = new HashMap<>();
    info.lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> facts.put(pair[0].strip(), pair[1].strip()));
    return facts;
  }
}
