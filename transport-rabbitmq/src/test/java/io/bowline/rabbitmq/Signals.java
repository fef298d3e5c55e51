// SPDX-License-Identifier: Apache-2.0
package io.bowline.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/** Ends of channels and connections, as the client tells them. */
final class Signals {
  static final String LARGER_THAN_10 =
      "PRECONDITION_FAILED - message size 20 is larger than configured max size 10";

  private Signals() {}

  static ShutdownSignalException channel(int code, String text) {
    AMQP.Channel.Close close =
        new AMQP.Channel.Close.Builder().replyCode(code).replyText(text).build();
    return new ShutdownSignalException(false, false, close, "channel");
  }

  static ShutdownSignalException connection(int code, String text) {
    AMQP.Connection.Close close =
        new AMQP.Connection.Close.Builder().replyCode(code).replyText(text).build();
    return new ShutdownSignalException(true, false, close, "connection");
  }

  static ShutdownSignalException lost(Throwable cause) {
    ShutdownSignalException signal = new ShutdownSignalException(true, false, null, "connection");
    var unused = signal.initCause(cause);
    return signal;
  }

  static ShutdownSignalException ours(@Nullable Throwable cause) {
    ShutdownSignalException signal = new ShutdownSignalException(false, true, null, "channel");
    var unused = cause == null ? signal : signal.initCause(cause);
    return signal;
  }
}
