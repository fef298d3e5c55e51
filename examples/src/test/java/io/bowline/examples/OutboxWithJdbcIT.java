// SPDX-License-Identifier: Apache-2.0
package io.bowline.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.bowline.testkit.servers.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OutboxWithJdbcIT {
  @Test
  void exactlyWhatWasCommittedArrives() throws Exception {
    try (BeanDatabase place = BeanDatabase.at(null);
        HikariDataSource database = BeanDatabase.pool(place.url(), 8)) {
      assertTrue(new OutboxWithJdbc(Servers.kafka().address(), database).play());
    }
  }
}
