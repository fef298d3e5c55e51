// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit;

import io.bowline.consumer.Handler;
import io.bowline.message.Received;
import io.bowline.testkit.BrokenKit.CaughtBy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** Inboxes with one defect each, in H2. The plain one has one too: it lends what it commits. */
final class BrokenInboxes {
  private BrokenInboxes() {}

  /** The kit on a simple inbox, of which a defect overrides a part. */
  private abstract static class Simple extends InboxConformance {
    private final DataSource database = h2();

    private static DataSource h2() {
      JdbcDataSource source = new JdbcDataSource();
      source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
      return source;
    }

    @Override
    protected DataSource database() {
      return database;
    }

    @Override
    protected Handler handler(DataSource leadingThere, String group, Effect effect) {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        boolean unused = statement.execute("create table if not exists seen (k " + type() + ")");
      } catch (SQLException failure) {
        throw new IllegalStateException(failure);
      }
      return message -> handle(leadingThere, group, message, effect);
    }

    String type() {
      return "varchar(1000) primary key";
    }

    String key(String group, Received message) {
      return group + " " + message.topic() + " " + message.id();
    }

    void handle(DataSource source, String group, Received message, InboxConformance.Effect effect)
        throws Exception {
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        try {
          if (remember(connection, key(group, message))) {
            effect.apply(message, connection);
          }
          connection.commit();
        } catch (Exception failure) {
          connection.rollback();
          throw failure;
        }
      }
    }

    boolean remember(Connection connection, String key) throws SQLException {
      try (PreparedStatement insert = connection.prepareStatement("insert into seen values (?)")) {
        insert.setString(1, key);
        return insert.executeUpdate() > 0;
      } catch (SQLException failure) {
        if ("23505".equals(failure.getSQLState())) {
          return false;
        }
        throw failure;
      }
    }
  }

  @CaughtBy("aHandlerCannotEndTheTransaction")
  static final class LendsWhatTheHandlerCanCommit extends Simple {}

  @CaughtBy("theConnectionIsTheHandlersUntilItReturnsAndNoLonger")
  static final class LendsAConnectionForGood extends Simple {
    @Override
    void handle(DataSource source, String group, Received message, Effect effect) throws Exception {
      Connection connection = source.getConnection();
      if (remember(connection, key(group, message))) {
        effect.apply(message, connection);
      }
    }
  }

  @CaughtBy("whereverTheDatabaseBreaksOffTheEffectHappensOnce")
  static final class RemembersAfterTheEffectByAnotherTransaction extends Simple {
    @Override
    void handle(DataSource source, String group, Received message, Effect effect) throws Exception {
      try (Connection connection = source.getConnection()) {
        if (!known(connection, key(group, message))) {
          effect.apply(message, connection);
          boolean unused = remember(connection, key(group, message));
        }
      }
    }
  }

  private static boolean known(Connection connection, String key) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("select 1 from seen where k = ?")) {
      select.setString(1, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  @CaughtBy({
    "whatTheEffectThrowsGoesOnAndNothingOfItStays",
    "whatCannotBeProcessedIsToldAsThat",
    "ifTheFirstOfTwoFailsTheOtherDoesTheWork",
    "aMessageThatComesTwiceAtOnceTakesEffectOnce",
    "copiesThatComeAtOnceAndFailAtRandomTakeEffectOnce"
  })
  static final class RemembersBeforeTheEffectByAnotherTransaction extends Simple {
    @Override
    boolean remember(Connection connection, String key) throws SQLException {
      boolean fresh = super.remember(connection, key);
      connection.commit();
      return fresh;
    }
  }

  @CaughtBy("whereverTheDatabaseBreaksOffTheEffectHappensOnce")
  static final class TakesEveryErrorForADuplicate extends Simple {
    @Override
    boolean remember(Connection connection, String key) {
      try {
        return super.remember(connection, key);
      } catch (SQLException failure) {
        return false;
      }
    }
  }

  @CaughtBy({
    "whatTheEffectThrowsGoesOnAndNothingOfItStays",
    "whatCannotBeProcessedIsToldAsThat",
    "copiesThatComeAtOnceAndFailAtRandomTakeEffectOnce"
  })
  static final class SwallowsWhatTheHandlerThrows extends Simple {
    @Override
    void handle(DataSource source, String group, Received message, Effect effect) {
      try {
        super.handle(source, group, message, effect);
      } catch (Exception swallowed) {
        assert swallowed != null;
      }
    }
  }

  @CaughtBy({"whatTheEffectThrowsGoesOnAndNothingOfItStays", "whatCannotBeProcessedIsToldAsThat"})
  static final class WrapsWhatTheHandlerThrows extends Simple {
    @Override
    void handle(DataSource source, String group, Received message, Effect effect) {
      try {
        super.handle(source, group, message, effect);
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  @CaughtBy({
    "messagesOfOneKeyAreToldApart",
    "idsMayBeLongAndOfAnyLetters",
    "aMessageWithoutStampIsKnownByTheBrokersId"
  })
  static final class KnowsMessagesByTheirKeys extends Simple {
    @Override
    String key(String group, Received message) {
      return group + " " + message.topic() + " " + message.key();
    }
  }

  @CaughtBy("groupsAndTopicsKnowNothingOfEachOther")
  static final class ForgetsTheGroup extends Simple {
    @Override
    String key(String group, Received message) {
      return message.topic() + " " + message.id();
    }
  }

  @CaughtBy("groupsAndTopicsKnowNothingOfEachOther")
  static final class ForgetsTheTopic extends Simple {
    @Override
    String key(String group, Received message) {
      return group + " " + message.id().replace(message.topic(), "");
    }
  }

  @CaughtBy("idsMayBeLongAndOfAnyLetters")
  static final class ComparesWithoutCase extends Simple {
    @Override
    String type() {
      return "varchar_ignorecase(1000) primary key";
    }
  }

  @CaughtBy({"idsMayBeLongAndOfAnyLetters", "anEffectHappensOnceHoweverOftenItsMessageComes"})
  static final class RemembersNothing extends Simple {
    @Override
    boolean remember(Connection connection, String key) {
      return true;
    }
  }

  @CaughtBy({
    "whatOneProcessDidTheNextKnows",
    "copiesThatComeAtOnceAndFailAtRandomTakeEffectOnce",
    "aMessageThatComesTwiceAtOnceTakesEffectOnce"
  })
  static final class RemembersInMemory extends Simple {
    @Override
    protected Handler handler(DataSource leadingThere, String group, Effect effect) {
      Set<String> seen = ConcurrentHashMap.newKeySet();
      return super.handler(
          leadingThere,
          group,
          (message, connection) -> {
            if (!seen.contains(message.topic() + message.id())) {
              effect.apply(message, connection);
              seen.add(message.topic() + message.id());
            }
          });
    }

    @Override
    boolean remember(Connection connection, String key) {
      return true;
    }
  }

  /** The copies that come at random catch it often, though not always. */
  @CaughtBy("aMessageThatComesTwiceAtOnceTakesEffectOnce")
  static final class LooksBeforeItLeaps extends Simple {
    @Override
    String type() {
      return "varchar(1000)";
    }

    @Override
    boolean remember(Connection connection, String key) throws SQLException {
      return !known(connection, key) && super.remember(connection, key);
    }
  }

  @CaughtBy({
    "ifTheFirstOfTwoFailsTheOtherDoesTheWork",
    "aMessageThatComesTwiceAtOnceTakesEffectOnce"
  })
  static final class TakesWhatIsUnderWayForDone extends Simple {
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    @Override
    void handle(DataSource source, String group, Received message, Effect effect) throws Exception {
      if (underWay.add(key(group, message))) {
        try {
          super.handle(source, group, message, effect);
        } finally {
          underWay.remove(key(group, message));
        }
      }
    }
  }

  @CaughtBy("whereverTheDatabaseBreaksOffTheEffectHappensOnce")
  static final class TakesABrokenCommitForDone extends Simple {
    @Override
    void handle(DataSource source, String group, Received message, Effect effect) throws Exception {
      try {
        super.handle(source, group, message, effect);
      } catch (SQLException failure) {
        if (!"08006".equals(failure.getSQLState())) {
          throw failure;
        }
      }
    }
  }
}
