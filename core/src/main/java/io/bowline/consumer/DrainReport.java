// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

/**
 * What a consumer left behind when it closed.
 *
 * @param settled how many messages were acknowledged since its start
 * @param returned how many had arrived but were not begun or not finished: another member gets them
 * @param stillRunning how many handlers were still at work when the time was over, and were
 *     interrupted; their messages are among the returned
 */
public record DrainReport(long settled, int returned, int stillRunning) {}
