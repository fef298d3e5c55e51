// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import io.bowline.Bowline;
import io.bowline.message.Message;
import io.bowline.transport.TopicSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A process that writes its effect to a file, and then waits to be killed: never done. */
final class DedupeVictim {
  private DedupeVictim() {}

  static Process start(String database, String id, Path book) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(
            java.toString(),
            "-Xmx192m",
            "-cp",
            classPath,
            DedupeVictim.class.getName(),
            database,
            id,
            book.toString())
        .redirectErrorStream(true)
        .redirectOutput(book.resolveSibling("log").toFile())
        .start();
  }

  public static void main(String[] arguments) throws Exception {
    JdbcDedupeStore store = JdbcDedupeStore.in(new UrlDataSource(arguments[0]));
    Path book = Path.of(arguments[2]);
    CountDownLatch never = new CountDownLatch(1);
    try (Bowline bowline = Bowline.connect("memory://victim")) {
      bowline.admin().ensure(TopicSpec.of("orders").groups("billing"));
      Message message = Message.to("orders").id(arguments[1]).text("pay");
      var receipt = bowline.producer("shop").open().send(message).join();
      var consumer =
          bowline
              .consumer("orders", "billing")
              .dedupe(store.lease(Duration.ofSeconds(2)))
              .start(
                  received -> {
                    Files.writeString(book, received.text());
                    never.await();
                  });
      never.await();
      consumer.close();
      throw new IllegalStateException("never killed: " + receipt);
    }
  }
}
