// SPDX-License-Identifier: Apache-2.0
package io.bowline.transport;

import java.util.function.Consumer;

/**
 * An open transport as producers and consumers are built on it.
 *
 * @param transport the transport; whoever opened it closes it
 * @param config what it was opened with
 * @param opened hears of each producer and consumer that is opened, so as to close it before the
 *     transport
 */
public record Connected(
    Transport transport, TransportConfig config, Consumer<AutoCloseable> opened) {}
