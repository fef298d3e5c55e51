// SPDX-License-Identifier: Apache-2.0
package io.bowline.consumer;

import org.jspecify.annotations.Nullable;

/**
 * What a builder collected about the calling of handlers.
 *
 * @param virtualThreads null if nothing was said
 * @param maxParkedKeys 0 if no key is ever parked
 */
record HandlerSettings(
    @Nullable Boolean virtualThreads, FailureClasses failures, int maxParkedKeys) {}
