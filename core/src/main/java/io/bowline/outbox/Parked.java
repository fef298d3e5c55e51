// SPDX-License-Identifier: Apache-2.0
package io.bowline.outbox;

import java.time.Instant;

/**
 * A key that waits for a person: since the broker refused a message of it, or a person wanted it
 * to.
 *
 * @param token names it to {@link OutboxStore#unpark}
 * @param topic the topic, cut after 255 characters
 * @param key the key, cut after 255 characters; empty for a message without key
 * @param messageId that of the refused message, cut after 255 characters; empty if none was
 * @param reason why it waits, cut after 1,000 characters
 * @param since when it was parked, by the store's clock
 */
public record Parked(
    String token, String topic, String key, String messageId, String reason, Instant since) {}
