// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** A broker in a container with fixed ports, killed and started again through the engine. */
final class ContainersServer implements BrokerServer {

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration GONE_WITHIN = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int TAIL_CHARS = 4000;

  private final GenericContainer<?> container;
  private final String image;
  private final String address;
  private final String readyLine;
  private BooleanSupplier serves = () -> true;

  /**
   * Prepares a server; {@link #create} makes it.
   *
   * @param readyLine a part of a line that the broker prints once in each run, when it is ready
   */
  ContainersServer(GenericContainer<?> container, String image, String address, String readyLine) {
    this.container = container;
    this.image = image;
    this.address = address;
    this.readyLine = readyLine;
  }

  /** It is ready only if this holds, too. */
  ContainersServer and(BooleanSupplier condition) {
    serves = condition;
    return this;
  }

  /** Makes and starts the container, or leaves nothing behind. */
  void create() {
    try {
      container.start();
      awaitReady(1);
    } catch (RuntimeException e) {
      container.stop();
      throw e;
    }
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public String origin() {
    return "container of " + image;
  }

  @Override
  public boolean breakable() {
    return true;
  }

  @Override
  public void kill() {
    thaw();
    client().killContainerCmd(container.getContainerId()).exec();
    // Throws, should the container still be there.
    client()
        .waitContainerCmd(container.getContainerId())
        .exec(new WaitContainerResultCallback())
        .awaitStatusCode(GONE_WITHIN.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void start() {
    int before = timesReady();
    client().startContainerCmd(container.getContainerId()).exec();
    awaitReady(before + 1);
  }

  @Override
  public void pause() {
    client().pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void resume() {
    client().unpauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    if (container.getContainerId() != null) {
      thaw();
      container.stop();
    }
  }

  /** An engine refuses to kill what is paused. */
  private void thaw() {
    if (Boolean.TRUE.equals(state().getPaused())) {
      resume();
    }
  }

  private void awaitReady(int times) {
    long end = System.nanoTime() + READY_WITHIN.toNanos();
    while (timesReady() < times || !serves.getAsBoolean()) {
      boolean runs = Boolean.TRUE.equals(state().getRunning());
      if (!runs || System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "%s %s; the end of its log:%n%s"
                .formatted(
                    image,
                    runs ? "was not ready within " + READY_WITHIN.toSeconds() + " s" : "ended",
                    logTail()));
      }
      pauseBeforeNextLook();
    }
  }

  private static void pauseBeforeNextLook() {
    LockSupport.parkNanos(POLL.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("Interrupted while waiting for a container");
    }
  }

  /** The log of a container goes on over restarts. */
  private int timesReady() {
    return (int) container.getLogs().lines().filter(line -> line.contains(readyLine)).count();
  }

  private String logTail() {
    String log = container.getLogs();
    return log.substring(Math.max(0, log.length() - TAIL_CHARS));
  }

  private ContainerState state() {
    return client().inspectContainerCmd(container.getContainerId()).exec().getState();
  }

  private static DockerClient client() {
    return DockerClientFactory.instance().client();
  }
}
