// SPDX-License-Identifier: Apache-2.0
package io.bowline.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The optional dependency, left out. */
final class MissingToolsTest {

  /** Never closed: threads of the client still load classes by it when the test is over. */
  private static ClassLoader withoutTools() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!path.contains("rocketmq-tools") && !path.contains("rocketmq-client-5")) {
        urls.add(new File(path).toURI().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static Object open(ClassLoader loader, String address) throws Exception {
    Class<?> addresses = loader.loadClass("io.bowline.transport.BrokerAddress");
    Class<?> configs = loader.loadClass("io.bowline.transport.TransportConfig");
    Object parsed = addresses.getMethod("parse", String.class).invoke(null, address);
    Object config = configs.getMethod("of", addresses).invoke(null, parsed);
    Class<?> providers = loader.loadClass("io.bowline.rocketmq.RocketTransportProvider");
    Object provider = providers.getConstructor().newInstance();
    return providers.getMethod("open", configs).invoke(provider, config);
  }

  @Test
  void aNameServerWithoutToolsNamesTheArtifact() throws Exception {
    ClassLoader loader = withoutTools();
    InvocationTargetException failure =
        assertThrows(
            InvocationTargetException.class,
            () -> open(loader, "rocketmq://127.0.0.1:1?namesrv=127.0.0.1:1"));
    String message = String.valueOf(failure.getCause());
    assertTrue(message.contains("org.apache.rocketmq:rocketmq-tools"), message);
  }

  @Test
  void withoutANameServerToolsAreNotNeeded() throws Exception {
    ClassLoader loader = withoutTools();
    InvocationTargetException failure =
        assertThrows(InvocationTargetException.class, () -> open(loader, "rocketmq://127.0.0.1:1"));
    Throwable cause = Objects.requireNonNull(failure.getCause());
    assertEquals("io.bowline.transport.TransportException", cause.getClass().getName());
    assertTrue(String.valueOf(cause.getMessage()).contains("127.0.0.1:1"), cause.toString());
  }
}
