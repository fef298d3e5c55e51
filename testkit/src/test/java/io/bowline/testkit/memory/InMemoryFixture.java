// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bowline.testkit.BrokerFault;
import io.bowline.testkit.BrokerFixture;
import io.bowline.testkit.FaultKind;
import io.bowline.testkit.OtherMember;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.Delivery;
import io.bowline.transport.LaneListener;
import io.bowline.transport.Subscription;
import io.bowline.transport.SubscriptionSpec;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An in-memory broker under the kit. Its other members are other transports, crashed on demand. */
public class InMemoryFixture implements BrokerFixture {
  private final InMemoryBroker broker;
  private final Duration patience;

  /** A fixture on a broker of this name. */
  public InMemoryFixture(String name, Duration patience) {
    this.broker = InMemoryBroker.named(name);
    this.patience = patience;
  }

  @Override
  public TransportConfig config() {
    return TransportConfig.of(
        BrokerAddress.parse(broker.address() + "?lease.ms=" + lease().toMillis()));
  }

  @Override
  public TransportConfig nowhere() {
    InMemoryBroker.named("nowhere").kill();
    return TransportConfig.of(BrokerAddress.parse("memory://nowhere"));
  }

  @Override
  public OtherMember startMember(SubscriptionSpec spec, int accepts) {
    return new Neighbour(connect(config()), spec, accepts);
  }

  @Override
  public boolean breakable() {
    return true;
  }

  @Override
  public void kill() {
    broker.kill();
  }

  @Override
  public void start() {
    broker.start();
  }

  @Override
  public void pause() {
    broker.pause();
  }

  @Override
  public void resume() {
    broker.resume();
  }

  @Override
  public Optional<BrokerFault> fault(FaultKind kind) {
    return switch (kind) {
      case CUT -> Optional.of(BrokerFault.of(() -> broker.failNext(20, Verdict.UNKNOWN), () -> {}));
      case CUT_BEFORE_ANSWER ->
          Optional.of(
              BrokerFault.of(() -> broker.cutAfterStoring(50), () -> broker.cutAfterStoring(0)));
      case UNREACHABLE ->
          Optional.of(
              BrokerFault.of(
                  () -> broker.failNext(Integer.MAX_VALUE, Verdict.NOT_STORED),
                  () -> broker.failNext(0, Verdict.NOT_STORED)));
      // What was under way on the connection is gone, and its client notices at once.
      case HALF_OPEN ->
          Optional.of(BrokerFault.of(() -> broker.failNext(50, Verdict.UNKNOWN), () -> {}));
      case SILENT -> Optional.of(BrokerFault.of(broker::pause, broker::resume));
      default -> BrokerFault.of(kind, this);
    };
  }

  /** All that is stored: what the group has is of no matter to it any more. */
  @Override
  public boolean lose(String topic, String group) {
    return broker.lose(topic, message -> true) > 0;
  }

  @Override
  public Duration patience() {
    return patience;
  }

  @Override
  public Duration lease() {
    return Duration.ofSeconds(3);
  }

  @Override
  public int tooLarge() {
    return 2 * InMemoryBroker.MESSAGE_LIMIT;
  }

  /** Ends a client of the broker as a crash would. */
  protected void crash(Transport transport) {
    broker.crash(transport);
  }

  private final class Neighbour implements OtherMember, LaneListener {
    private final Transport transport;
    private final Thread thread;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> settled = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean killed;

    Neighbour(Transport transport, SubscriptionSpec spec, int accepts) {
      this.transport = transport;
      this.thread = new Thread(() -> live(spec, accepts), "neighbour");
      thread.setDaemon(true);
      thread.start();
    }

    private void live(SubscriptionSpec spec, int accepts) {
      try (Subscription subscription = transport.subscribe(spec, this)) {
        while (!killed) {
          for (Delivery delivery : subscription.poll(10, Duration.ofMillis(20))) {
            take(subscription, delivery, accepts);
          }
        }
      } catch (TransportException crashed) {
        // What a crashed client says; the test knows.
      } finally {
        ended.countDown();
      }
    }

    private void take(Subscription subscription, Delivery delivery, int accepts) {
      String text = new String(delivery.body(), UTF_8);
      received.add(text);
      if (settled.size() < accepts && subscription.accept(delivery)) {
        subscription.poll(0, Duration.ZERO);
        settled.add(text);
      }
    }

    @Override
    public List<String> received() {
      return List.copyOf(received);
    }

    @Override
    public List<String> settled() {
      return List.copyOf(settled);
    }

    @Override
    public void kill() {
      killed = true;
      crash(transport);
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      if (!killed) {
        kill();
      }
    }

    @Override
    public void assigned(Set<Integer> lanes) {}

    @Override
    public void revoking(Set<Integer> lanes) {}

    @Override
    public void lost(Set<Integer> lanes) {}

    @Override
    public String toString() {
      return "a neighbour that received " + received + " and settled " + settled;
    }
  }
}
