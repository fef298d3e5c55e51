// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import apache.rocketmq.v2.AckMessageRequest;
import apache.rocketmq.v2.AckMessageResponse;
import apache.rocketmq.v2.ChangeInvisibleDurationRequest;
import apache.rocketmq.v2.ChangeInvisibleDurationResponse;
import apache.rocketmq.v2.EndTransactionRequest;
import apache.rocketmq.v2.EndTransactionResponse;
import apache.rocketmq.v2.ForwardMessageToDeadLetterQueueRequest;
import apache.rocketmq.v2.ForwardMessageToDeadLetterQueueResponse;
import apache.rocketmq.v2.HeartbeatRequest;
import apache.rocketmq.v2.HeartbeatResponse;
import apache.rocketmq.v2.MessagingServiceGrpc;
import apache.rocketmq.v2.MessagingServiceGrpc.MessagingServiceFutureStub;
import apache.rocketmq.v2.MessagingServiceGrpc.MessagingServiceStub;
import apache.rocketmq.v2.NotifyClientTerminationRequest;
import apache.rocketmq.v2.NotifyClientTerminationResponse;
import apache.rocketmq.v2.QueryAssignmentRequest;
import apache.rocketmq.v2.QueryAssignmentResponse;
import apache.rocketmq.v2.QueryRouteRequest;
import apache.rocketmq.v2.QueryRouteResponse;
import apache.rocketmq.v2.RecallMessageRequest;
import apache.rocketmq.v2.RecallMessageResponse;
import apache.rocketmq.v2.ReceiveMessageRequest;
import apache.rocketmq.v2.ReceiveMessageResponse;
import apache.rocketmq.v2.SendMessageRequest;
import apache.rocketmq.v2.SendMessageResponse;
import apache.rocketmq.v2.SyncLiteSubscriptionRequest;
import apache.rocketmq.v2.SyncLiteSubscriptionResponse;
import apache.rocketmq.v2.TelemetryCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.apache.rocketmq.client.java.rpc.RpcClient;
import org.apache.rocketmq.shaded.com.google.common.util.concurrent.Futures;
import org.apache.rocketmq.shaded.com.google.common.util.concurrent.ListenableFuture;
import org.apache.rocketmq.shaded.com.google.common.util.concurrent.MoreExecutors;
import org.apache.rocketmq.shaded.com.google.common.util.concurrent.SettableFuture;
import org.apache.rocketmq.shaded.io.grpc.ClientInterceptor;
import org.apache.rocketmq.shaded.io.grpc.ManagedChannel;
import org.apache.rocketmq.shaded.io.grpc.Metadata;
import org.apache.rocketmq.shaded.io.grpc.stub.AbstractStub;
import org.apache.rocketmq.shaded.io.grpc.stub.MetadataUtils;
import org.apache.rocketmq.shaded.io.grpc.stub.StreamObserver;

/** The client's calls on a channel that is ours, for its own accepts every certificate. */
final class VerifiedRpc implements RpcClient {
  private final ManagedChannel channel;
  private final MessagingServiceFutureStub futures;
  private final MessagingServiceStub streams;
  private final Consumer<QueryRouteResponse> routes;

  /** Calls on this channel; each route is shown before the client learns it. */
  VerifiedRpc(ManagedChannel channel, Consumer<QueryRouteResponse> routes) {
    this.channel = channel;
    this.routes = routes;
    futures = MessagingServiceGrpc.newFutureStub(channel);
    streams = MessagingServiceGrpc.newStub(channel);
  }

  private static <S extends AbstractStub<S>> S call(
      S stub, Metadata head, Executor on, Duration d) {
    ClientInterceptor headers = MetadataUtils.newAttachHeadersInterceptor(head);
    return stub.withInterceptors(headers)
        .withExecutor(on)
        .withDeadlineAfter(d.toNanos(), NANOSECONDS);
  }

  /** Never idle: the client would replace an idle one by its own. */
  @Override
  public Duration idleDuration() {
    return Duration.ZERO;
  }

  /** Ends streams too, which an orderly shutdown would wait for. */
  @Override
  public void shutdown() {
    channel.shutdownNow();
  }

  @Override
  public ListenableFuture<QueryRouteResponse> queryRoute(
      Metadata head, QueryRouteRequest request, Executor on, Duration within) {
    return Futures.transform(
        call(futures, head, on, within).queryRoute(request),
        response -> {
          routes.accept(response);
          return response;
        },
        MoreExecutors.directExecutor());
  }

  @Override
  public ListenableFuture<HeartbeatResponse> heartbeat(
      Metadata head, HeartbeatRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).heartbeat(request);
  }

  @Override
  public ListenableFuture<SendMessageResponse> sendMessage(
      Metadata head, SendMessageRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).sendMessage(request);
  }

  @Override
  public ListenableFuture<QueryAssignmentResponse> queryAssignment(
      Metadata head, QueryAssignmentRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).queryAssignment(request);
  }

  @Override
  public ListenableFuture<List<ReceiveMessageResponse>> receiveMessage(
      Metadata head, ReceiveMessageRequest request, ExecutorService on, Duration within) {
    SettableFuture<List<ReceiveMessageResponse>> all = SettableFuture.create();
    List<ReceiveMessageResponse> responses = new ArrayList<>();
    call(streams, head, on, within)
        .receiveMessage(
            request,
            new StreamObserver<ReceiveMessageResponse>() {
              @Override
              public void onNext(ReceiveMessageResponse response) {
                responses.add(response);
              }

              @Override
              public void onError(Throwable failure) {
                all.setException(failure);
              }

              @Override
              public void onCompleted() {
                all.set(responses);
              }
            });
    return all;
  }

  @Override
  public ListenableFuture<AckMessageResponse> ackMessage(
      Metadata head, AckMessageRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).ackMessage(request);
  }

  @Override
  public ListenableFuture<ChangeInvisibleDurationResponse> changeInvisibleDuration(
      Metadata head, ChangeInvisibleDurationRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).changeInvisibleDuration(request);
  }

  @Override
  public ListenableFuture<ForwardMessageToDeadLetterQueueResponse> forwardMessageToDeadLetterQueue(
      Metadata head, ForwardMessageToDeadLetterQueueRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).forwardMessageToDeadLetterQueue(request);
  }

  @Override
  public ListenableFuture<EndTransactionResponse> endTransaction(
      Metadata head, EndTransactionRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).endTransaction(request);
  }

  @Override
  public ListenableFuture<NotifyClientTerminationResponse> notifyClientTermination(
      Metadata head, NotifyClientTerminationRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).notifyClientTermination(request);
  }

  @Override
  public ListenableFuture<RecallMessageResponse> recallMessage(
      Metadata head, RecallMessageRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).recallMessage(request);
  }

  @Override
  public ListenableFuture<SyncLiteSubscriptionResponse> syncLiteSubscription(
      Metadata head, SyncLiteSubscriptionRequest request, Executor on, Duration within) {
    return call(futures, head, on, within).syncLiteSubscription(request);
  }

  @Override
  public StreamObserver<TelemetryCommand> telemetry(
      Metadata head, Executor on, Duration within, StreamObserver<TelemetryCommand> observer) {
    return call(streams, head, on, within).telemetry(observer);
  }
}
