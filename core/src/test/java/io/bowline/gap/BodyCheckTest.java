// SPDX-License-Identifier: Apache-2.0
package io.bowline.gap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bowline.gap.BodyCheck.Finding;
import io.bowline.message.Digest;
import io.bowline.message.Received;
import io.bowline.message.Received.Origin;
import io.bowline.message.Stamp;
import io.bowline.message.StampCodec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BodyCheckTest {
  private final BodyCheck check = new BodyCheck("orders");

  private Finding look(String topic, String sent, String came) {
    return look(came, new Digest(topic).of(sent.getBytes(UTF_8)));
  }

  private Finding look(String came, long digest) {
    Stamp stamp = new Stamp("id", "shop", 1, null, null, digest);
    Map<String, String> headers = Map.of(StampCodec.HEADER, StampCodec.write(stamp));
    Origin origin = new Origin("orders", 0, "0", "id");
    return check.look(Received.of(origin, null, headers, came.getBytes(UTF_8)));
  }

  @Test
  void whatIsAsItWasSentIsSoAndWhatIsNotToldIsNotJudged() {
    assertEquals(Finding.AS_SENT, look("orders", "100", "100"));
    assertEquals(Finding.NOT_TOLD, look("100", Stamp.NO_DIGEST));
  }

  @Test
  void bodiesThatWereChangedShow() {
    assertEquals(Finding.CHANGED, look("orders", "100", "900"));
    assertEquals(Finding.CHANGED, look("orders", "100", "10"));
    assertEquals(Finding.AS_SENT, look("orders", "100", "100"));
  }

  @Test
  void messagesOfAnotherTopicAreToldFromChangedOnesWithTheSecond() {
    assertEquals(Finding.CHANGED, look("us.orders", "100", "100"));
    assertEquals(Finding.OTHER_TOPIC, look("us.orders", "7", "7"));
    assertEquals(Finding.OTHER_TOPIC, look("us.orders", "", ""));
  }
}
