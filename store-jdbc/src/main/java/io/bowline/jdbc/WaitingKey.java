// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.time.Instant;

/**
 * A key whose next number has not come, though later ones have; of a {@link JdbcVersionGuard}.
 *
 * @param id names it to {@link JdbcVersionGuard#skip}
 * @param topic its topic, cut after 255 characters
 * @param source the producer's name, cut likewise
 * @param key the key, cut likewise
 * @param last the last number that took effect, or was passed over; 0 if none did
 * @param lowest the lowest number that came and waits, as far as is known: at least one of those
 *     between {@code last} and it is missing
 * @param highest the highest number that came and waits
 * @param since since when it is waited for, by the database's clock
 */
public record WaitingKey(
    String id,
    String topic,
    String source,
    String key,
    long last,
    long lowest,
    long highest,
    Instant since) {}
