// SPDX-License-Identifier: Apache-2.0
package io.bowline.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanesTest {

  /** The values of Kafka's own tests. */
  @ParameterizedTest
  @CsvSource({
    "21, -973932308",
    "foobar, -790332482",
    "a-little-bit-long-string, -985981536",
    "a-little-bit-longer-string, -1486304829",
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
    "abc, 479470107"
  })
  void theHashIsKafkas(String key, int hash) {
    assertEquals(hash, Lanes.murmur2(key.getBytes(UTF_8)));
  }

  @Test
  void theLaneIsThePositiveHashByTheNumberOfLanes() {
    assertEquals((-973932308 & 0x7fffffff) % 7, Lanes.of("21", 7));
    assertEquals(479470107 % 64, Lanes.of("abc", 64));
  }

  @Test
  void anyTextHasALane() {
    assertTrue(Lanes.of("", 3) >= 0 && Lanes.of("", 3) < 3);
    assertTrue(Lanes.of("\uD83D\uDE00 ключ", 3) < 3);
    assertEquals(0, Lanes.of("whatever", 1));
  }

  @Test
  void everyLaneIsUsed() {
    long used = IntStream.range(0, 2_000).map(i -> Lanes.of("key-" + i, 64)).distinct().count();
    assertEquals(64, used);
  }
}
