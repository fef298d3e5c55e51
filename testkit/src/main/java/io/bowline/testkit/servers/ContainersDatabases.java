// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.testcontainers.containers.GenericContainer;

/** How to run the published images of the databases, without passwords, for this host alone. */
final class ContainersDatabases {
  private static final int POSTGRES = 5432;
  private static final int MARIADB = 3306;
  private static final int REDIS = 6379;
  private static final int ZOOKEEPER = 2181;

  private ContainersDatabases() {}

  /** At first its image runs a server that listens nowhere, which says that it is ready too. */
  static ContainersServer postgres(String image, String host) {
    int port = FreePorts.take(1).get(0);
    GenericContainer<?> container =
        ContainersPorts.container(image)
            .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
            .withCommand("postgres", "-c", "max_connections=200");
    ContainersPorts.publish(container, host, Map.of(port, POSTGRES));
    String address = "jdbc:postgresql://%s:%d/postgres?user=postgres".formatted(host, port);
    BooleanSupplier serves = () -> DatabaseQuestion.POSTGRES.answered(host, port);
    return new ContainersServer(container, image, address, "listening on IPv4 address").and(serves);
  }

  static ContainersServer mariaDb(String image, String host) {
    int port = FreePorts.take(1).get(0);
    GenericContainer<?> container =
        ContainersPorts.container(image)
            .withEnv("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "1")
            .withEnv("MARIADB_DATABASE", "bowline")
            .withCommand("mariadbd", "--skip-name-resolve", "--max-connections=200");
    ContainersPorts.publish(container, host, Map.of(port, MARIADB));
    String address = "jdbc:mariadb://%s:%d/bowline?user=root&sslMode=disable".formatted(host, port);
    BooleanSupplier serves = () -> DatabaseQuestion.MARIADB.answered(host, port);
    return new ContainersServer(container, image, address, "port: " + MARIADB).and(serves);
  }

  static ContainersServer redis(String image, String host) {
    int port = FreePorts.take(1).get(0);
    GenericContainer<?> container =
        ContainersPorts.container(image)
            .withCommand(
                "redis-server", "--save", "", "--appendonly", "yes", "--appendfsync", "always");
    ContainersPorts.publish(container, host, Map.of(port, REDIS));
    return new ContainersServer(
        container, image, "redis://%s:%d".formatted(host, port), "Ready to accept connections");
  }

  static ContainersServer zooKeeper(String image, String host) {
    int port = FreePorts.take(1).get(0);
    GenericContainer<?> container =
        ContainersPorts.container(image)
            .withEnv("ZOO_TICK_TIME", "500")
            .withEnv("ZOO_MAX_CLIENT_CNXNS", "0")
            .withEnv("ZOO_CFG_EXTRA", "minSessionTimeout=1000 maxSessionTimeout=600000")
            .withEnv("JVMFLAGS", "-Dznode.container.checkIntervalMs=1000");
    ContainersPorts.publish(container, host, Map.of(port, ZOOKEEPER));
    String address = "zookeeper://%s:%d".formatted(host, port);
    BooleanSupplier serves = () -> DatabaseQuestion.ZOOKEEPER.answered(host, port);
    return new ContainersServer(container, image, address, "binding to port").and(serves);
  }
}
