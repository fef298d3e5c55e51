// SPDX-License-Identifier: Apache-2.0
package io.bowline;

import io.bowline.audit.AuditMode;
import io.bowline.audit.AuditRefused;
import io.bowline.audit.AuditReport;
import io.bowline.audit.Audited;
import io.bowline.audit.TopicAudit;
import io.bowline.consumer.ConsumerBuilder;
import io.bowline.consumer.ReliableConsumer;
import io.bowline.producer.ProducerBuilder;
import io.bowline.producer.RecentEpochs;
import io.bowline.producer.ReliableProducer;
import io.bowline.replay.ReplayBuilder;
import io.bowline.telemetry.Telemetry;
import io.bowline.transport.BrokerAddress;
import io.bowline.transport.BrokerAdmin;
import io.bowline.transport.BrokerEvents;
import io.bowline.transport.BrokerMeters;
import io.bowline.transport.BrokerState;
import io.bowline.transport.Connected;
import io.bowline.transport.Transport;
import io.bowline.transport.TransportConfig;
import io.bowline.transport.TransportException;
import io.bowline.transport.Transports;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker, and what is sent to it and received from it. Thread-safe.
 *
 * <pre>{@code
 * try (Bowline bowline = Bowline.connect("kafka://localhost:9092")) {
 *   ReliableProducer producer = bowline.producer("trade-service").open();
 *   Receipt receipt = producer.send(Message.to("beans.deduct").key("user-7").text("100")).join();
 * }
 * }</pre>
 */
public final class Bowline implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Bowline.class);

  private final Connected broker;
  private final Optional<BrokerMeters> meters;
  private final RecentEpochs epochs = new RecentEpochs();

  /** Weak, so that what was closed and let go by its user is not kept here. */
  private final Set<AutoCloseable> opened =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private Bowline(Builder how) {
    meters =
        how.telemetry
            .meters()
            .map(registry -> new BrokerMeters(registry, Transports.system(how.address)));
    BrokerEvents measured = meters.<BrokerEvents>map(all -> all).orElse(BrokerEvents.NONE);
    BrokerState state = new BrokerState(Clock.systemUTC(), measured);
    TransportConfig config = how.config(state);
    broker = new Connected(open(config), config, opened::add).telemetry(how.telemetry);
  }

  private Transport open(TransportConfig config) {
    try {
      return Transports.open(config);
    } catch (RuntimeException | Error unreachable) {
      meters.ifPresent(BrokerMeters::close);
      throw unreachable;
    }
  }

  /**
   * Reaches the broker at an address, with every default.
   *
   * @param address {@code kafka://host:port}, {@code rabbitmq://user:password@host:port/vhost} or
   *     {@code rocketmq://host:port}; several hosts with commas, the client's own settings as
   *     {@code ?name=value&…}
   * @throws IllegalArgumentException if the address is malformed, or its transport is not on the
   *     class path, naming the artifact to add
   * @throws TransportException if no broker answered within the connect timeout, or a setting would
   *     break a promise
   */
  public static Bowline connect(String address) {
    return at(address).connect();
  }

  /**
   * Settings for reaching the broker at an address.
   *
   * @throws IllegalArgumentException if the address is malformed
   */
  public static Builder at(String address) {
    return new Builder(BrokerAddress.parse(address));
  }

  /**
   * A producer, to be set up and opened.
   *
   * @param source the producer's stable name, such as the service's
   */
  public ProducerBuilder producer(String source) {
    return new ProducerBuilder(broker, source).epochs(epochs);
  }

  /**
   * A consumer, to be set up and started.
   *
   * @param group shares the messages among its members; each group receives them all
   */
  public ConsumerBuilder consumer(String topic, String group) {
    return new ConsumerBuilder(broker, topic, group);
  }

  /**
   * A replay of dead letters to the topics from which they came, to be set up and run.
   *
   * @param deadLetters the topic of the dead letters
   * @param group whose dead letters they are: the group whose handler failed
   */
  public ReplayBuilder replay(String deadLetters, String group) {
    return new ReplayBuilder(broker, deadLetters, group);
  }

  /** The broker's settings. */
  public BrokerAdmin admin() {
    return broker.transport().admin();
  }

  /**
   * What the broker's own settings, and its state now, promise for what topics store: how many
   * copies a confirmed message has, what may take them away, and how to mend what is not as it
   * should be. Asking changes nothing. See {@code docs/audit.md}.
   *
   * @throws TransportException REFUSED if there is no such topic; UNKNOWN if the broker did not
   *     answer within the connect timeout
   */
  public AuditReport audit(String... topics) {
    return audit(Stream.of(topics).map(Audited::topic).toList());
  }

  /**
   * The same, and whether the topics do for what a service makes of them: groups for which all is
   * kept, dead letters that are as safe, times that fit one another.
   *
   * @throws TransportException as the other
   */
  public AuditReport audit(List<Audited> uses) {
    List<TopicAudit> topics = uses.stream().map(use -> Auditor.audit(admin(), use)).toList();
    topics.forEach(broker.retentions()::read);
    return new AuditReport(broker.config().address().toString(), topics);
  }

  /**
   * Closes the consumers, then the producers, each waiting as long as its own {@code close()} does,
   * and lets the broker go. Closing twice does nothing.
   */
  @Override
  public void close() {
    List<AutoCloseable> all;
    synchronized (opened) {
      all = new ArrayList<>(opened);
      opened.clear();
    }
    // A handler may send, so what receives goes first.
    all.stream().filter(ReliableConsumer.class::isInstance).forEach(this::end);
    all.stream().filter(ReliableProducer.class::isInstance).forEach(this::end);
    broker.transport().close();
    meters.ifPresent(BrokerMeters::close);
  }

  private void end(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception | Error failure) {
      if (failure instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      log.warn("Closing {} failed; the others are closed all the same", one, failure);
    }
  }

  /** How to reach a broker. Not thread-safe. */
  public static final class Builder {
    private final BrokerAddress address;
    private final Map<String, String> properties = new HashMap<>();
    private Duration connectTimeout = TransportConfig.CONNECT_TIMEOUT;
    private Duration confirmTimeout = TransportConfig.CONFIRM_TIMEOUT;
    private Telemetry telemetry = Telemetry.NONE;
    private AuditMode auditMode = AuditMode.OFF;
    private List<Audited> audited = List.of();

    private Builder(BrokerAddress address) {
      this.address = address;
    }

    /** A setting of the broker's own client, by its native name; see the page of the transport. */
    public Builder property(String name, String value) {
      properties.put(name, value);
      return this;
    }

    /** The longest wait for a first answer of the broker; 10 s by default. */
    public Builder connectTimeout(Duration longest) {
      this.connectTimeout = longest;
      return this;
    }

    /** The longest one try of a send waits for its answer; 30 s by default. */
    public Builder confirmTimeout(Duration longest) {
      this.confirmTimeout = longest;
      return this;
    }

    /**
     * Where figures of producers, consumers and connections go; nowhere by default. The names are
     * in {@code docs/observability.md}.
     */
    public Builder metrics(MeterRegistry registry) {
      this.telemetry = telemetry.meters(registry);
      return this;
    }

    /**
     * Has each send and each call of a handler observed, for traces that go from producer to
     * consumer in the messages' headers; by default none is, and no header is written.
     */
    public Builder observations(ObservationRegistry registry) {
      this.telemetry = telemetry.observations(registry);
      return this;
    }

    /**
     * Has the broker's settings for these topics read at {@link #connect}; by default they are not.
     * The topics must exist.
     *
     * @throws IllegalArgumentException if no topic is named, and the mode is not OFF
     */
    public Builder audit(AuditMode mode, String... topics) {
      return audit(mode, Stream.of(topics).map(Audited::topic).toList());
    }

    /**
     * The same, with what is made of the topics.
     *
     * @throws IllegalArgumentException as the other
     */
    public Builder audit(AuditMode mode, List<Audited> uses) {
      if (uses.isEmpty() && mode != AuditMode.OFF) {
        throw new IllegalArgumentException("An audit needs the names of the topics to look at");
      }
      this.auditMode = mode;
      this.audited = List.copyOf(uses);
      return this;
    }

    /**
     * Reaches the broker.
     *
     * @throws IllegalArgumentException if the address's transport is not on the class path
     * @throws TransportException as for {@link Bowline#connect}, and as for {@link #audit}
     * @throws AuditRefused if an audit is enforced, and finds that confirmed messages may be lost
     */
    public Bowline connect() {
      Bowline connected = new Bowline(this);
      try {
        if (auditMode != AuditMode.OFF) {
          Auditor.tell(auditMode, connected.audit(audited));
        }
        return connected;
      } catch (RuntimeException | Error refused) {
        connected.close();
        throw refused;
      }
    }

    private TransportConfig config(BrokerEvents events) {
      return TransportConfig.of(address)
          .properties(properties)
          .connectTimeout(connectTimeout)
          .confirmTimeout(confirmTimeout)
          .events(events);
    }
  }
}
