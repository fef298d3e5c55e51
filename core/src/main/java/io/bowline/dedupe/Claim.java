// SPDX-License-Identifier: Apache-2.0
package io.bowline.dedupe;

/**
 * Leave to let a message take effect, given to one at a time. Immutable.
 *
 * @param message which one
 * @param token tells this claim from all others at the message, earlier and later ones
 */
public record Claim(DedupeKey message, String token) {}
