// SPDX-License-Identifier: Apache-2.0
package io.bowline.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bowline.message.Message;
import io.bowline.producer.SendException.Unconfirmed;
import io.bowline.telemetry.Observed;
import io.bowline.telemetry.Telemetry;
import io.bowline.transport.Receipt;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SendObservationsTest {
  private static final SendContext.Sender SHOP = new SendContext.Sender("kafka", "shop");

  private final Observed observed = new Observed();
  private final Telemetry telemetry = Telemetry.NONE.observations(observed.registry);
  private final SendObservations observations = new SendObservations(telemetry, SHOP);
  private final Message order = Message.to("orders").id("id-1").key("user-7").text("100");

  private SendObservation begin(Message message) {
    return Objects.requireNonNull(observations.begin(message));
  }

  private static SendException failure(Outcome outcome) {
    return new SendException(new Unconfirmed(outcome, "id-1", 1), "failed by the test", null);
  }

  @Test
  void theTraceGoesOutInTheHeaders() {
    SendObservation send = begin(order.header("h", "v"));
    assertEquals(Map.of("h", "v", Observed.HEADER, "00-trace-span-01"), send.message().headers());
    assertEquals("id-1", send.message().id().orElseThrow());
  }

  @Test
  void aForwardedTraceGivesWay() {
    SendObservation send = begin(order.header(Observed.HEADER, "of the message before"));
    assertEquals("00-trace-span-01", send.message().headers().get(Observed.HEADER));
  }

  @Test
  void aConfirmedSendTellsWhereItWent() {
    begin(order).confirmed(new Receipt("id-1", "orders", 3, "42"));
    Observation.Context told = observed.ended.get(0);
    assertEquals("bowline.send", told.getName());
    assertEquals("send orders", told.getContextualName());
    assertNull(told.getError());
    assertEquals(
        Map.of(
            "messaging.system", "kafka",
            "messaging.operation.type", "send",
            "messaging.operation.name", "send",
            "messaging.destination.name", "orders",
            "messaging.destination.partition.id", "3",
            "messaging.message.id", "id-1",
            "messaging.message.body.size", "3",
            "bowline.source", "shop",
            "bowline.outcome", "confirmed"),
        Observed.told(told));
  }

  @Test
  void aFailureIsTheObservationsError() {
    SendException failure = failure(Outcome.UNKNOWN);
    begin(order).failed(failure);
    assertSame(failure, observed.ended.get(0).getError());
    assertEquals("unknown", Observed.told(observed.ended.get(0)).get("bowline.outcome"));
  }

  @Test
  void aRetryIsAnEvent() {
    SendObservation send = begin(order);
    send.retried();
    send.failed(failure(Outcome.REJECTED));
    assertEquals(List.of("bowline.retry"), observed.events);
    assertEquals("rejected", Observed.told(observed.ended.get(0)).get("bowline.outcome"));
  }

  @Test
  void itIsAPartOfWhatTheCallerHasUnderObservation() {
    Observation caller = Observation.start("caller", observed.registry);
    caller.scoped(() -> begin(order).confirmed(new Receipt("id-1", "orders", 3, "42")));
    assertSame(
        caller.getContext(),
        Objects.requireNonNull(observed.ended.get(0).getParentObservation()).getContextView());
  }

  @Test
  void aUsersConventionTakesThePlaceOfOurs() {
    observed.registry.observationConfig().observationConvention(new OnlyTheTopic());
    begin(order).confirmed(new Receipt("id-1", "orders", 3, "42"));
    assertEquals("mine", observed.ended.get(0).getName());
    assertEquals(Map.of("topic", "orders"), Observed.told(observed.ended.get(0)));
  }

  private static final class OnlyTheTopic implements GlobalObservationConvention<SendContext> {
    @Override
    public boolean supportsContext(Observation.Context context) {
      return context instanceof SendContext;
    }

    @Override
    public String getName() {
      return "mine";
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(SendContext context) {
      return KeyValues.of("topic", context.message().topic());
    }
  }

  @Test
  void aBrokenHandlerCostsNoSend() {
    SendObservation before = begin(order);
    observed.breakDown();
    assertNull(observations.begin(order));
    before.retried();
    before.confirmed(new Receipt("id-1", "orders", 3, "42"));
  }

  @Test
  void headersThatNoBrokerCarriesAreLeftOut() {
    observed.registry.observationConfig().observationHandler(new OddHeaders());
    assertFalse(begin(order).message().headers().containsKey("with space"));
  }

  private static final class OddHeaders
      implements io.micrometer.observation.ObservationHandler<SendContext> {
    @Override
    public void onStart(SendContext context) {
      Objects.requireNonNull(context.getCarrier()).put("with space", "x");
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return context instanceof SendContext;
    }
  }

  @Test
  void withoutARegistryNothingIsObserved() {
    SendObservations none = new SendObservations(Telemetry.NONE, SHOP);
    assertFalse(none.on());
    assertNull(none.begin(order));
    Telemetry noop = Telemetry.NONE.observations(ObservationRegistry.NOOP);
    assertTrue(noop.observations().isEmpty());
  }
}
