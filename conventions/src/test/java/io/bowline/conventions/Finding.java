// SPDX-License-Identifier: Apache-2.0
package io.bowline.conventions;

/**
 * A place that breaks a rule.
 *
 * @param place the file, and the line where there is one
 * @param rule what is broken, with what was seen
 * @param advice what to do about it
 */
record Finding(String place, String rule, String advice) {

  @Override
  public String toString() {
    return place + ": " + rule + ". " + advice;
  }
}
