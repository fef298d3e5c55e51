// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import apache.rocketmq.v2.Broker;
import apache.rocketmq.v2.Code;
import apache.rocketmq.v2.ExponentialBackoff;
import apache.rocketmq.v2.HeartbeatRequest;
import apache.rocketmq.v2.HeartbeatResponse;
import apache.rocketmq.v2.MessageQueue;
import apache.rocketmq.v2.MessageType;
import apache.rocketmq.v2.MessagingServiceGrpc.MessagingServiceImplBase;
import apache.rocketmq.v2.NotifyClientTerminationRequest;
import apache.rocketmq.v2.NotifyClientTerminationResponse;
import apache.rocketmq.v2.Permission;
import apache.rocketmq.v2.Publishing;
import apache.rocketmq.v2.QueryRouteRequest;
import apache.rocketmq.v2.QueryRouteResponse;
import apache.rocketmq.v2.RetryPolicy;
import apache.rocketmq.v2.SendMessageRequest;
import apache.rocketmq.v2.SendMessageResponse;
import apache.rocketmq.v2.SendResultEntry;
import apache.rocketmq.v2.Status;
import apache.rocketmq.v2.TelemetryCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.apache.rocketmq.shaded.com.google.protobuf.Duration;
import org.apache.rocketmq.shaded.grpc.netty.NettyServerBuilder;
import org.apache.rocketmq.shaded.io.grpc.Server;
import org.apache.rocketmq.shaded.io.grpc.stub.StreamObserver;

/**
 * As much of a proxy as a producer needs, made of the client's own generated classes: it answers a
 * send as a test says, or not at all, and keeps the requests that came. Each topic exists.
 */
final class FakeProxy extends MessagingServiceImplBase implements AutoCloseable {
  private final Server server;
  private final List<SendMessageRequest> sends = new CopyOnWriteArrayList<>();
  private volatile Function<SendMessageRequest, Optional<Code>> answer =
      request -> Optional.of(Code.OK);

  FakeProxy() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  /** From now on this is the answer to a send; none if empty. */
  void answers(Function<SendMessageRequest, Optional<Code>> how) {
    answer = how;
  }

  /** What was asked to be sent, in the order of arrival. */
  List<SendMessageRequest> sends() {
    return List.copyOf(sends);
  }

  private static Status status(Code code) {
    return Status.newBuilder().setCode(code).setMessage("as the test says").build();
  }

  private static <T> void reply(StreamObserver<T> to, T response) {
    to.onNext(response);
    to.onCompleted();
  }

  @Override
  public void queryRoute(QueryRouteRequest asked, StreamObserver<QueryRouteResponse> to) {
    // As a proxy in cluster mode: with the address by which it was asked.
    Broker broker =
        Broker.newBuilder().setName("broker-a").setId(0).setEndpoints(asked.getEndpoints()).build();
    MessageQueue queue =
        MessageQueue.newBuilder()
            .setTopic(asked.getTopic())
            .setId(0)
            .setPermission(Permission.READ_WRITE)
            .setBroker(broker)
            .addAcceptMessageTypes(MessageType.FIFO)
            .build();
    reply(
        to,
        QueryRouteResponse.newBuilder().setStatus(status(Code.OK)).addMessageQueues(queue).build());
  }

  /** A proxy tells its settings, among them to try three times. */
  @Override
  public StreamObserver<TelemetryCommand> telemetry(StreamObserver<TelemetryCommand> to) {
    return new StreamObserver<>() {
      @Override
      public void onNext(TelemetryCommand command) {
        ExponentialBackoff backoff =
            ExponentialBackoff.newBuilder()
                .setInitial(Duration.newBuilder().setNanos(1_000_000))
                .setMax(Duration.newBuilder().setNanos(10_000_000))
                .setMultiplier(2)
                .build();
        RetryPolicy retries =
            RetryPolicy.newBuilder().setMaxAttempts(3).setExponentialBackoff(backoff).build();
        Publishing publishing =
            Publishing.newBuilder().setMaxBodySize(4_194_304).setValidateMessageType(true).build();
        to.onNext(
            command.toBuilder()
                .setStatus(status(Code.OK))
                .setSettings(
                    command.getSettings().toBuilder()
                        .setBackoffPolicy(retries)
                        .setPublishing(publishing))
                .build());
      }

      @Override
      public void onError(Throwable failure) {
        // The client went.
      }

      @Override
      public void onCompleted() {
        to.onCompleted();
      }
    };
  }

  @Override
  public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> to) {
    reply(to, HeartbeatResponse.newBuilder().setStatus(status(Code.OK)).build());
  }

  @Override
  public void notifyClientTermination(
      NotifyClientTerminationRequest request, StreamObserver<NotifyClientTerminationResponse> to) {
    reply(to, NotifyClientTerminationResponse.newBuilder().setStatus(status(Code.OK)).build());
  }

  @Override
  public void sendMessage(SendMessageRequest request, StreamObserver<SendMessageResponse> to) {
    sends.add(request);
    answer
        .apply(request)
        .ifPresent(
            code -> {
              String id = request.getMessages(0).getSystemProperties().getMessageId();
              SendResultEntry entry =
                  SendResultEntry.newBuilder().setStatus(status(code)).setMessageId(id).build();
              reply(
                  to,
                  SendMessageResponse.newBuilder()
                      .setStatus(status(code))
                      .addEntries(entry)
                      .build());
            });
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
