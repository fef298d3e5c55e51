// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.transport.Delivery;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One arrival of a stored message. Settled only by its subscription's thread. */
final class MemoryDelivery implements Delivery {
  private final StoredMessage stored;
  private final int attempt;
  private final Membership member;
  private final byte[] body;
  boolean settled;

  MemoryDelivery(StoredMessage stored, int attempt, Membership member) {
    this.stored = stored;
    this.attempt = attempt;
    this.member = member;
    this.body = stored.message().body().clone();
  }

  Membership member() {
    return member;
  }

  long offset() {
    return stored.offset();
  }

  @Override
  public String topic() {
    return stored.message().topic();
  }

  @Override
  public int lane() {
    return stored.message().lane();
  }

  @Override
  public @Nullable String key() {
    return stored.message().key();
  }

  @Override
  public Map<String, String> headers() {
    return stored.message().headers();
  }

  @Override
  public byte[] body() {
    return body;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public String position() {
    return Long.toString(stored.offset());
  }

  @Override
  public String nativeId() {
    return topic() + "/" + lane() + "/" + position();
  }

  @Override
  public String toString() {
    return "Delivery[" + nativeId() + ", key=" + key() + ", attempt=" + attempt + "]";
  }
}
