-- Bowline's tables in PostgreSQL. Each statement may be run again: what is there stays as it is.
-- A key of 16 bytes is the beginning of the SHA-256 of what names the row, whatever its length;
-- the columns beside it are for people.

-- Who may save what a group has completed of a lane: docs/stores.md.
create table if not exists bowline_gap_lane (
  lane_key bytea not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  lane integer not null,
  claim bigint not null,
  primary key (lane_key)
);

-- What a group has completed of the messages of one incarnation of a producer in a lane.
create table if not exists bowline_gap_chain (
  lane_key bytea not null,
  chain_key bytea not null,
  source varchar(255) not null,
  epoch bigint not null,
  state bytea not null,
  saved_at timestamp with time zone not null,
  primary key (lane_key, chain_key)
);

-- Worker ids of Snowflake ids: docs/ids.md. Times are milliseconds since 1970: free_at by the
-- database's clock, used_up_to by that of whoever had it. Worker -1 is there to be locked.
create table if not exists bowline_worker_lease (
  name varchar(64) not null,
  worker integer not null,
  owner varchar(64) not null,
  free_at bigint not null,
  used_up_to bigint not null,
  primary key (name, worker)
);

-- The last number that was reserved of each counter of message ids.
create table if not exists bowline_id_counter (
  name varchar(64) not null,
  last_number bigint not null,
  primary key (name)
);

-- Each row that was ever here stands for 1,000 numbers of message ids. The newest must stay.
create table if not exists bowline_id_high (
  high bigint not null generated always as identity,
  made_at timestamp not null,
  primary key (high)
);

-- The last number that was drawn of each key: docs/key-sequences.md. A row that is removed begins
-- anew with 1.
create table if not exists bowline_key_sequence (
  sequence_key bytea not null,
  source varchar(255) not null,
  topic varchar(255) not null,
  key_name varchar(255) not null,
  last_number bigint not null,
  drawn_at timestamp with time zone not null,
  primary key (sequence_key)
);

-- How many attempts at a message began that did not end well yet.
create table if not exists bowline_attempt (
  message_key bytea not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  message_id varchar(255) not null,
  attempts integer not null,
  touched_at timestamp with time zone not null,
  primary key (message_key)
);

create index if not exists bowline_attempt_touched on bowline_attempt (touched_at);

-- Which messages took effect in this database: docs/effects-once.md. done_at is in milliseconds
-- since 1970.
create table if not exists bowline_inbox (
  message_key bytea not null,
  group_key bytea not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  message_id varchar(255) not null,
  done_at bigint not null,
  primary key (message_key)
);

create index if not exists bowline_inbox_old on bowline_inbox (group_key, done_at);

-- Which messages took effect, and who is at work on one: docs/effects-once.md. Milliseconds since
-- 1970 by the database's clock: until_at is when a lease ends, or when the message was done.
create table if not exists bowline_dedupe (
  message_key bytea not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  message_id varchar(255) not null,
  token varchar(64) not null,
  done smallint not null,
  until_at bigint not null,
  primary key (message_key)
);

create index if not exists bowline_dedupe_until on bowline_dedupe (until_at);

-- Locks: who has which, and its last fencing token. free_at is in milliseconds since 1970 by the
-- database's clock.
create table if not exists bowline_lock (
  lock_key bytea not null,
  name varchar(255) not null,
  owner varchar(64) not null,
  token bigint not null,
  free_at bigint not null,
  primary key (lock_key)
);

create index if not exists bowline_lock_free on bowline_lock (free_at);

-- The greatest fencing token that wrote under each name.
create table if not exists bowline_fence (
  fence_key bytea not null,
  name varchar(255) not null,
  token bigint not null,
  touched_at timestamp with time zone not null,
  primary key (fence_key)
);

create index if not exists bowline_fence_touched on bowline_fence (touched_at);

-- The chains of which it is written down how much was sent: docs/stores.md. A source is kept whole,
-- in UTF-8.
create table if not exists bowline_sent_chain (
  chain_key bytea not null,
  topic_key bytea not null,
  topic varchar(255) not null,
  lane integer not null,
  source bytea not null,
  epoch bigint not null,
  primary key (chain_key)
);

create index if not exists bowline_sent_chain_topic on bowline_sent_chain (topic_key);

-- How far a chain was sent by when, in microseconds since 1970 by its producer's clock.
create table if not exists bowline_sent_mark (
  chain_key bytea not null,
  marked bigint not null,
  last_number bigint not null,
  primary key (chain_key, marked)
);

create index if not exists bowline_sent_mark_marked on bowline_sent_mark (marked);

-- The last number of each key that took effect: docs/effects-once.md. skipped has numbers that were
-- passed over; waits_since is in milliseconds since 1970 by the database's clock, 0 if the next
-- number is not waited for.
create table if not exists bowline_version (
  version_key bytea not null,
  group_key bytea not null,
  topic varchar(255) not null,
  group_name varchar(255) not null,
  source varchar(255) not null,
  epoch bigint not null,
  key_name varchar(255) not null,
  last_number bigint not null,
  skipped varchar(1300) not null,
  waits_first bigint not null,
  waits_last bigint not null,
  waits_since bigint not null,
  touched_at bigint not null,
  primary key (version_key)
);

create index if not exists bowline_version_waits on bowline_version (group_key, waits_since);

-- Messages that wait for a relay: docs/outbox.md. Those of parked keys lie in lane -1 - lane.
-- key_number is below 0 for what was sent before under that number, and is sent again.
-- message is what is sent, appended_at is in milliseconds since 1970 by the database's clock.
create table if not exists bowline_outbox (
  id bigint not null generated always as identity,
  outbox varchar(64) not null,
  lane integer not null,
  line_key bytea not null,
  key_number bigint not null,
  topic varchar(255) not null,
  key_name varchar(255) not null,
  message_id varchar(255) not null,
  message bytea not null,
  appended_at bigint not null,
  primary key (id)
);

create index if not exists bowline_outbox_next on bowline_outbox (outbox, lane, id);

-- Which relay has which lane of an outbox; free_at is in milliseconds since 1970 by the database's
-- clock.
create table if not exists bowline_outbox_lane (
  outbox varchar(64) not null,
  lane integer not null,
  owner varchar(64) not null,
  epoch bigint not null,
  free_at bigint not null,
  primary key (outbox, lane)
);

-- The relays of an outbox, and until when each of them lives if nothing more is heard of it.
create table if not exists bowline_outbox_relay (
  outbox varchar(64) not null,
  relay varchar(64) not null,
  alive_until bigint not null,
  primary key (outbox, relay)
);

-- The keys of an outbox whose messages wait for a person, since one of them was refused.
create table if not exists bowline_outbox_parked (
  outbox varchar(64) not null,
  line_key bytea not null,
  lane integer not null,
  topic varchar(255) not null,
  key_name varchar(255) not null,
  message_id varchar(255) not null,
  reason varchar(1000) not null,
  parked_at bigint not null,
  primary key (outbox, line_key)
);

-- Messages of outboxes that keep what was sent, for a while: docs/outbox.md. sent_at is in
-- milliseconds since 1970 by the database's clock.
create table if not exists bowline_outbox_sent (
  id bigint not null generated always as identity,
  outbox varchar(64) not null,
  lane integer not null,
  line_key bytea not null,
  key_number bigint not null,
  topic varchar(255) not null,
  key_name varchar(255) not null,
  message_id varchar(255) not null,
  message bytea not null,
  appended_at bigint not null,
  sent_at bigint not null,
  primary key (id)
);

create index if not exists bowline_outbox_sent_key on bowline_outbox_sent (outbox, line_key, key_number);

create index if not exists bowline_outbox_sent_message on bowline_outbox_sent (outbox, message_id);

create index if not exists bowline_outbox_sent_old on bowline_outbox_sent (outbox, sent_at);
