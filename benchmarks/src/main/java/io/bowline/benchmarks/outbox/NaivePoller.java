// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What many services have of their own: one thread takes 500 rows with SKIP LOCKED, sends them all
 * at once, waits for the broker, deletes them and commits. It keeps no order once there are two of
 * them or one send fails, and holds locks while it sends.
 */
final class NaivePoller implements Drain {
  private static final int BATCH = 500;
  private static final String TABLE =
      "create table if not exists bench_naive (id bigint generated always as identity primary key,"
          + " key_name varchar(255) not null, body bytea not null)";
  private static final String FILL =
      "insert into bench_naive (key_name, body)"
          + " select 'user-' || (n::bigint * 7919 % ?), ? from generate_series(1, ?) n";
  private static final String TAKE =
      "select id, key_name, body from bench_naive order by id limit ? for update skip locked";
  private static final String DELETE = "delete from bench_naive where id = any (?)";

  private final Place place;
  private final String topic;
  private final KafkaProducer<String, byte[]> producer;

  NaivePoller(Place place, String topic) throws SQLException {
    this.place = place;
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", place.kafkaHosts(), "acks", "all"),
            new StringSerializer(),
            new ByteArraySerializer());
    place.execute(TABLE);
    place.execute("truncate bench_naive");
  }

  @Override
  public void fill(int messages) throws SQLException {
    try (Connection connection = place.database().getConnection();
        PreparedStatement fill = connection.prepareStatement(FILL)) {
      fill.setInt(1, Load.KEYS);
      fill.setBytes(2, Load.body());
      fill.setInt(3, messages);
      fill.executeUpdate();
    }
    producer.partitionsFor(topic); // that it knows where to send is no part of draining
  }

  @Override
  public void drain(int messages) throws Exception {
    try (Connection connection = place.database().getConnection()) {
      connection.setAutoCommit(false);
      int sent = BATCH;
      while (sent > 0) {
        sent = pass(connection);
        connection.commit();
      }
      connection.setAutoCommit(true);
    }
  }

  private int pass(Connection connection)
      throws SQLException, ExecutionException, InterruptedException {
    List<Long> ids = new ArrayList<>();
    List<Future<RecordMetadata>> sends = new ArrayList<>();
    try (PreparedStatement take = connection.prepareStatement(TAKE)) {
      take.setInt(1, BATCH);
      try (ResultSet row = take.executeQuery()) {
        while (row.next()) {
          ids.add(row.getLong(1));
          sends.add(producer.send(new ProducerRecord<>(topic, row.getString(2), row.getBytes(3))));
        }
      }
    }
    for (Future<RecordMetadata> send : sends) {
      send.get();
    }
    try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
      delete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      delete.executeUpdate();
    }
    return ids.size();
  }

  @Override
  public void close() {
    producer.close();
  }
}
