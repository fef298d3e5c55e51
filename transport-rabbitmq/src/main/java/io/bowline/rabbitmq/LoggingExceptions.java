// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.ExceptionHandler;
import com.rabbitmq.client.TopologyRecoveryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log what the client would print. A callback that threw may have lost a confirmation, so
 * its channel ends, and whatever was under way on it is UNKNOWN.
 */
final class LoggingExceptions implements ExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(LoggingExceptions.class);

  @Override
  public void handleUnexpectedConnectionDriverException(Connection connection, Throwable seen) {
    log.debug("Connection {} failed", connection.getClientProvidedName(), seen);
  }

  @Override
  public void handleReturnListenerException(Channel channel, Throwable seen) {
    end(channel, "return", seen);
  }

  @Override
  public void handleConfirmListenerException(Channel channel, Throwable seen) {
    end(channel, "confirm", seen);
  }

  @Override
  public void handleBlockedListenerException(Connection connection, Throwable seen) {
    log.warn("A listener for blocked connections failed", seen);
  }

  @Override
  public void handleConsumerException(
      Channel channel, Throwable seen, Consumer consumer, String tag, String method) {
    end(channel, method, seen);
  }

  @Override
  public void handleConnectionRecoveryException(Connection connection, Throwable seen) {
    log.warn("Recovery is off, and yet failed", seen);
  }

  @Override
  public void handleChannelRecoveryException(Channel channel, Throwable seen) {
    log.warn("Recovery is off, and yet failed", seen);
  }

  @Override
  public void handleTopologyRecoveryException(
      Connection connection, Channel channel, TopologyRecoveryException seen) {
    log.warn("Recovery is off, and yet failed", seen);
  }

  private static void end(Channel channel, String callback, Throwable seen) {
    log.error("The {} callback of a channel failed; the channel is given up", callback, seen);
    // Closing waits for an answer that this very thread would have to read.
    RabbitConnections.inBackground("bowline-rabbitmq-close", () -> Channels.abort(channel));
  }
}
