// SPDX-License-Identifier: Apache-2.0
package io.bowline.id;

import java.time.Duration;

/**
 * How a worker id is held. Immutable. Two clocks guard it: the store counts the length of a lease
 * by its own clock, and the times in ids are by their holder's.
 *
 * @param length how long the lease lasts from when the store writes it down
 * @param coolDown how long after the end nobody else gets the worker id
 * @param from the milliseconds since 1970 on the holder's clock from which on it will draw; a
 *     worker id that may have been used at this time or later is not given to it
 * @param upTo the milliseconds since 1970 on the holder's clock up to which it may draw under these
 *     terms; at the giving back, up to which it did
 */
public record LeaseTerms(Duration length, Duration coolDown, long from, long upTo) {}
