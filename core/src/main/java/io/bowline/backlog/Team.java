// SPDX-License-Identifier: Apache-2.0
package io.bowline.backlog;

/**
 * Who works on a backlog, as one member knows it. Immutable.
 *
 * @param concurrency the most messages at work in this member
 * @param members how many members there are, as the lanes of this one tell; 0 if they do not
 * @param lanes how many lanes the topic has, where they bound the number of members; else 0
 * @param perSecond the rate limit of this member; infinite without one
 * @param heldBack why no handler is called at the moment; empty if they are
 */
public record Team(int concurrency, int members, int lanes, double perSecond, String heldBack) {}
