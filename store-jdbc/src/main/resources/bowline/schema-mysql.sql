-- Bowline's tables in MariaDB and MySQL. Each statement may be run again: what is there stays as it is.
-- A key of 16 bytes is the beginning of the SHA-256 of what names the row, whatever its length;
-- the columns beside it are for people.

-- Who may save what a group has completed of a lane: docs/stores.md.
create table if not exists bowline_gap_lane (
  lane_key binary(16) not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  lane integer not null,
  claim bigint not null,
  primary key (lane_key)
) character set utf8mb4;

-- What a group has completed of the messages of one incarnation of a producer in a lane.
create table if not exists bowline_gap_chain (
  lane_key binary(16) not null,
  chain_key binary(16) not null,
  source varchar(255) not null,
  epoch bigint not null,
  state mediumblob not null,
  saved_at datetime(6) not null,
  primary key (lane_key, chain_key)
) character set utf8mb4;

-- Worker ids of Snowflake ids: docs/ids.md. Times are milliseconds since 1970: free_at by the
-- database's clock, used_up_to by that of whoever had it. Worker -1 is there to be locked.
create table if not exists bowline_worker_lease (
  name varchar(64) character set ascii collate ascii_bin not null,
  worker integer not null,
  owner varchar(64) character set ascii collate ascii_bin not null,
  free_at bigint not null,
  used_up_to bigint not null,
  primary key (name, worker)
) character set utf8mb4;

-- The last number that was reserved of each counter of message ids.
create table if not exists bowline_id_counter (
  name varchar(64) character set ascii collate ascii_bin not null,
  last_number bigint not null,
  primary key (name)
) character set utf8mb4;

-- Each row that was ever here stands for 1,000 numbers of message ids. The newest must stay.
create table if not exists bowline_id_high (
  high bigint not null auto_increment,
  made_at timestamp not null,
  primary key (high)
) character set utf8mb4;

-- The last number that was drawn of each key: docs/key-sequences.md. A row that is removed begins
-- anew with 1.
create table if not exists bowline_key_sequence (
  sequence_key binary(16) not null,
  source varchar(255) not null,
  topic varchar(255) not null,
  key_name varchar(255) not null,
  last_number bigint not null,
  drawn_at datetime(6) not null,
  primary key (sequence_key)
) character set utf8mb4;

-- How many attempts at a message began that did not end well yet.
create table if not exists bowline_attempt (
  message_key binary(16) not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  message_id varchar(255) not null,
  attempts integer not null,
  touched_at datetime(6) not null,
  primary key (message_key),
  index bowline_attempt_touched (touched_at)
) character set utf8mb4;

-- Which messages took effect in this database: docs/effects-once.md. done_at is in milliseconds
-- since 1970.
create table if not exists bowline_inbox (
  message_key binary(16) not null,
  group_key binary(16) not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  message_id varchar(255) not null,
  done_at bigint not null,
  primary key (message_key),
  index bowline_inbox_old (group_key, done_at)
) character set utf8mb4;

-- Which messages took effect, and who is at work on one: docs/effects-once.md. Milliseconds since
-- 1970 by the database's clock: until_at is when a lease ends, or when the message was done.
create table if not exists bowline_dedupe (
  message_key binary(16) not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  message_id varchar(255) not null,
  token varchar(64) character set ascii collate ascii_bin not null,
  done smallint not null,
  until_at bigint not null,
  primary key (message_key),
  index bowline_dedupe_until (until_at)
) character set utf8mb4;

-- Locks: who has which, and its last fencing token. free_at is in milliseconds since 1970 by the
-- database's clock.
create table if not exists bowline_lock (
  lock_key binary(16) not null,
  name varchar(255) not null,
  owner varchar(64) character set ascii collate ascii_bin not null,
  token bigint not null,
  free_at bigint not null,
  primary key (lock_key),
  index bowline_lock_free (free_at)
) character set utf8mb4;

-- The greatest fencing token that wrote under each name.
create table if not exists bowline_fence (
  fence_key binary(16) not null,
  name varchar(255) not null,
  token bigint not null,
  touched_at datetime(6) not null,
  primary key (fence_key),
  index bowline_fence_touched (touched_at)
) character set utf8mb4;

-- The chains of which it is written down how much was sent: docs/stores.md. A source is kept whole,
-- in UTF-8.
create table if not exists bowline_sent_chain (
  chain_key binary(16) not null,
  topic_key binary(16) not null,
  topic varchar(255) not null,
  lane integer not null,
  source blob not null,
  epoch bigint not null,
  primary key (chain_key),
  index bowline_sent_chain_topic (topic_key)
) character set utf8mb4;

-- How far a chain was sent by when, in microseconds since 1970 by its producer's clock.
create table if not exists bowline_sent_mark (
  chain_key binary(16) not null,
  marked bigint not null,
  last_number bigint not null,
  primary key (chain_key, marked),
  index bowline_sent_mark_marked (marked)
) character set utf8mb4;

-- The last number of each key that took effect: docs/effects-once.md. skipped has numbers that were
-- passed over; waits_since is in milliseconds since 1970 by the database's clock, 0 if the next
-- number is not waited for.
create table if not exists bowline_version (
  version_key binary(16) not null,
  group_key binary(16) not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  source varchar(255) not null,
  epoch bigint not null,
  key_name varchar(255) not null,
  last_number bigint not null,
  skipped varchar(1300) character set ascii collate ascii_bin not null,
  waits_first bigint not null,
  waits_last bigint not null,
  waits_since bigint not null,
  touched_at bigint not null,
  primary key (version_key),
  index bowline_version_waits (group_key, waits_since)
) character set utf8mb4;

-- Messages that wait for a relay: docs/outbox.md. Those of parked keys lie in lane -1 - lane.
-- key_number is below 0 for what was sent before under that number, and is sent again.
-- message is what is sent, appended_at is in milliseconds since 1970 by the database's clock.
create table if not exists bowline_outbox (
  id bigint not null auto_increment,
  outbox varchar(64) character set ascii collate ascii_bin not null,
  lane integer not null,
  line_key binary(16) not null,
  key_number bigint not null,
  topic varchar(255) not null,
  key_name varchar(255) not null,
  message_id varchar(255) not null,
  message longblob not null,
  appended_at bigint not null,
  primary key (id),
  index bowline_outbox_next (outbox, lane, id)
) character set utf8mb4;

-- Which relay has which lane of an outbox; free_at is in milliseconds since 1970 by the database's
-- clock.
create table if not exists bowline_outbox_lane (
  outbox varchar(64) character set ascii collate ascii_bin not null,
  lane integer not null,
  owner varchar(64) character set ascii collate ascii_bin not null,
  epoch bigint not null,
  free_at bigint not null,
  primary key (outbox, lane)
) character set utf8mb4;

-- The relays of an outbox, and until when each of them lives if nothing more is heard of it.
create table if not exists bowline_outbox_relay (
  outbox varchar(64) character set ascii collate ascii_bin not null,
  relay varchar(64) character set ascii collate ascii_bin not null,
  alive_until bigint not null,
  primary key (outbox, relay)
) character set utf8mb4;

-- The keys of an outbox whose messages wait for a person, since one of them was refused.
create table if not exists bowline_outbox_parked (
  outbox varchar(64) character set ascii collate ascii_bin not null,
  line_key binary(16) not null,
  lane integer not null,
  topic varchar(255) not null,
  key_name varchar(255) not null,
  message_id varchar(255) not null,
  reason varchar(1000) not null,
  parked_at bigint not null,
  primary key (outbox, line_key)
) character set utf8mb4;

-- Messages of outboxes that keep what was sent, for a while: docs/outbox.md. sent_at is in
-- milliseconds since 1970 by the database's clock.
create table if not exists bowline_outbox_sent (
  id bigint not null auto_increment,
  outbox varchar(64) character set ascii collate ascii_bin not null,
  lane integer not null,
  line_key binary(16) not null,
  key_number bigint not null,
  topic varchar(255) not null,
  key_name varchar(255) not null,
  message_id varchar(255) not null,
  message longblob not null,
  appended_at bigint not null,
  sent_at bigint not null,
  primary key (id),
  index bowline_outbox_sent_key (outbox, line_key, key_number),
  index bowline_outbox_sent_message (outbox, message_id),
  index bowline_outbox_sent_old (outbox, sent_at)
) character set utf8mb4;
