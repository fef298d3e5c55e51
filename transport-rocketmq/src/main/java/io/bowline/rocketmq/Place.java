// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import org.apache.rocketmq.client.apis.message.MessageView;
import org.apache.rocketmq.client.java.message.MessageViewImpl;

/**
 * Where a message lies. Two arrivals at the same place are the same message, also after a topic was
 * made anew, since the id is part of it.
 *
 * @param queue broker and queue: {@code broker-a/3}; the id itself where they are not known
 * @param offset the place in the queue
 * @param messageId the broker's id of the message
 */
record Place(String queue, long offset, String messageId) {

  /**
   * One handing-out of messages by the broker.
   *
   * @param place where the message lies
   * @param popTime when the broker handed it out: the same for all of one queue that came together
   * @param ordered whether the group is in order: then the queue hands out nothing more until all
   *     of these are settled
   */
  record Popped(Place place, String popTime, boolean ordered) {}

  /** The revive queue that stands in the handle of a message received in order. */
  private static final String IN_ORDER = "999";

  /**
   * Reads the receipt handle: start offset, pop time, invisible time, revive queue, topic kind,
   * broker, queue, offset. A handle of another form makes a place of its own, settled by itself.
   */
  static Popped of(MessageView view) {
    String id = view.getMessageId().toString();
    String handle = view instanceof MessageViewImpl known ? known.getReceiptHandle() : "";
    String[] parts = handle.split(" ", -1);
    if (parts.length < 8 || !parts[6].matches("\\d{1,9}") || !parts[7].matches("\\d{1,18}")) {
      return new Popped(new Place(id, 0, id), handle, false);
    }
    Place place = new Place(parts[5] + "/" + parts[6], Long.parseLong(parts[7]), id);
    return new Popped(place, parts[1], parts[3].equals(IN_ORDER));
  }

  /** The queue's number, or 0 where it is not known. */
  int queueNumber() {
    String number = queue.substring(queue.lastIndexOf('/') + 1);
    return number.matches("\\d{1,9}") ? Integer.parseInt(number) : 0;
  }

  @Override
  public String toString() {
    return queue.equals(messageId) ? messageId : queue + "@" + offset + " " + messageId;
  }
}
