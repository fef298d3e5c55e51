// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import io.bowline.message.Message;
import io.bowline.testkit.OutboxStoreConformance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** The outbox in memory keeps the rules of an outbox. */
@Timeout(120)
final class InMemoryOutboxStoreTest extends OutboxStoreConformance {
  private final Map<String, InMemoryOutboxStore> stores = new HashMap<>();

  @Override
  protected synchronized InMemoryOutboxStore open(String name) {
    return stores.computeIfAbsent(name, InMemoryOutboxStore::new);
  }

  @Override
  protected void append(String name, List<Message> messages) {
    open(name).append(messages);
  }
}
