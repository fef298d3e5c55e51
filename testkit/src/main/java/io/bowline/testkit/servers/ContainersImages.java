// SPDX-License-Identifier: Apache-2.0
package io.bowline.testkit.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.DockerClientFactory;

/** Makes sure that the engine has an image, within a bounded time. */
final class ContainersImages {

  static final int PULL_WITHIN_SECONDS = 300;

  /** Testcontainers first starts helpers of its own, whose images it may have to pull as well. */
  private static final int CLIENT_WITHIN_SECONDS = 60;

  private ContainersImages() {}

  /**
   * Returns the host by which containers are reached, once the engine has the image.
   *
   * @throws IllegalStateException if the engine cannot be used or the image cannot be had
   */
  static String hostWith(String image) {
    DockerClient client = client();
    try {
      client.inspectImageCmd(image).exec();
    } catch (NotFoundException notLocal) {
      pull(client, image);
    }
    return DockerClientFactory.instance().dockerHostIpAddress();
  }

  private static void pull(DockerClient client, String image) {
    boolean tagged = image.substring(image.lastIndexOf('/') + 1).contains(":");
    String reference = tagged ? image : image + ":latest";
    try {
      boolean complete =
          client
              .pullImageCmd(reference)
              .exec(new PullImageResultCallback())
              .awaitCompletion(PULL_WITHIN_SECONDS, TimeUnit.SECONDS);
      if (!complete) {
        throw new IllegalStateException("not pulled within " + PULL_WITHIN_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while pulling it", e);
    }
  }

  private static DockerClient client() {
    CompletableFuture<DockerClient> found = new CompletableFuture<>();
    Thread finder =
        new Thread(
            () -> {
              try {
                found.complete(DockerClientFactory.instance().client());
              } catch (Exception | Error e) {
                found.completeExceptionally(e);
              }
            },
            "bowline-docker-client");
    finder.setDaemon(true);
    finder.start();
    try {
      return found.get(CLIENT_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Testcontainers is not ready after " + CLIENT_WITHIN_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Testcontainers says " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Testcontainers", e);
    }
  }
}
