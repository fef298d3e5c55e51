// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource
class LocalDatabasesIT {

  enum Database {
    POSTGRES(DatabaseQuestion.POSTGRES),
    MARIADB(DatabaseQuestion.MARIADB),
    REDIS(DatabaseQuestion.REDIS),
    ZOOKEEPER(DatabaseQuestion.ZOOKEEPER);

    private final DatabaseQuestion question;

    Database(DatabaseQuestion question) {
      this.question = question;
    }

    LocalDatabase start() {
      return switch (this) {
        case POSTGRES -> LocalPostgres.startOwn();
        case MARIADB -> LocalMariaDb.startOwn();
        case REDIS -> LocalRedis.startOwn();
        case ZOOKEEPER -> LocalZooKeeper.startOwn();
      };
    }

    boolean answersAt(String address) {
      URI uri = URI.create(address.replaceFirst("^jdbc:", ""));
      return question.answered(uri.getHost(), uri.getPort());
    }
  }

  private final Database database;
  private final LocalDatabase server;

  LocalDatabasesIT(Database database) {
    this.database = database;
    this.server = database.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private boolean answers() {
    return database.answersAt(server.address());
  }

  @Test
  void itAnswersAtItsAddressAndThroughItsProxy() {
    assertTrue(answers());
    assertTrue(database.answersAt(server.proxied().orElseThrow().address()));
    assertTrue(server.origin().matches("local process, \\w+ \\d[\\d.]*"), server.origin());
  }

  @Test
  void aKilledOneComesBackAtItsAddress() {
    String address = server.address();
    server.kill();
    assertFalse(answers());
    server.start();
    assertEquals(address, server.address());
    assertTrue(answers());
  }

  @Test
  void aPausedOneAnswersWhenResumed() {
    server.pause();
    assertFalse(answers());
    server.resume();
    assertTrue(answers());
  }

  @Test
  void aPausedOneCanBeKilled() {
    server.pause();
    server.kill();
    server.start();
    assertTrue(answers());
  }

  @Test
  void aClosedOneLeavesNothing() {
    ProcessHandle running = ProcessHandle.of(server.process().pid()).orElseThrow();
    var family = running.descendants().toList();
    server.close();
    assertFalse(running.isAlive());
    assertTrue(family.stream().noneMatch(ProcessHandle::isAlive));
    assertFalse(Files.exists(server.folder().path()));
  }
}
