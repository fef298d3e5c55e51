// SPDX-License-Identifier: Apache-2.0
package io.bowline.kafka;

import io.bowline.transport.Delivery;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way through a handler. Key and headers are decoded when first asked for, by
 * whichever thread asks.
 */
final class KafkaDelivery implements Delivery {
  private final ConsumerRecord<byte[], byte[]> record;
  private final long epoch;
  private final int attempt;
  private volatile @Nullable Map<String, String> headers;

  /** No thread sees half a string, and each would decode the same one. */
  private @Nullable String key;

  /** Written by the polling thread alone. */
  private boolean settled;

  KafkaDelivery(ConsumerRecord<byte[], byte[]> record, long epoch, int attempt) {
    this.record = record;
    this.epoch = epoch;
    this.attempt = attempt;
  }

  @Override
  public String topic() {
    return record.topic();
  }

  @Override
  public int lane() {
    return record.partition();
  }

  @Override
  public @Nullable String key() {
    String known = key;
    if (known == null) {
      known = KafkaRecords.key(record);
      key = known;
    }
    return known;
  }

  @Override
  public Map<String, String> headers() {
    Map<String, String> known = headers;
    if (known == null) {
      known = KafkaRecords.headers(record);
      headers = known;
    }
    return known;
  }

  @Override
  public byte[] body() {
    return KafkaRecords.body(record);
  }

  @Override
  public int attempt() {
    return attempt;
  }

  /** The offset. */
  @Override
  public String position() {
    return Long.toString(record.offset());
  }

  /** {@code topic/partition/offset}, since a Kafka record has no id. */
  @Override
  public String nativeId() {
    return record.topic() + "/" + record.partition() + "/" + record.offset();
  }

  @Override
  public String toString() {
    return "KafkaDelivery[" + nativeId() + ", attempt=" + attempt + "]";
  }

  long offset() {
    return record.offset();
  }

  /** The assignment of the partition in which it was handed out. */
  long epoch() {
    return epoch;
  }

  /**
   * Settles it.
   *
   * @return false if it was settled before
   */
  boolean settle() {
    boolean first = !settled;
    settled = true;
    return first;
  }

  /** The same record for one more attempt. */
  KafkaDelivery again() {
    return new KafkaDelivery(record, epoch, attempt + 1);
  }
}
