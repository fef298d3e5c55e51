// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

/**
 * A node of the cluster as the management API tells it.
 *
 * @param running whether the others reach it
 * @param alarmed whether its memory or disk has stopped publishers
 */
record NodeFacts(String name, boolean running, boolean alarmed) {}
