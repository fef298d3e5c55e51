// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

/**
 * What holds for all keys of a producer.
 *
 * @param mostUnderWay how many messages of a key are under way at once, at most
 * @param drawn whether a store hands out their numbers; else each line counts its own
 */
record KeyRules(int mostUnderWay, boolean drawn) {}
