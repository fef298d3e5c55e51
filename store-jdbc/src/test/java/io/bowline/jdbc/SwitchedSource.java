// SPDX-License-Identifier: Apache-2.0
package io.bowline.jdbc;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** A data source that leads to one database and then to another. */
final class SwitchedSource {
  private final AtomicReference<DataSource> to;

  SwitchedSource(DataSource first) {
    to = new AtomicReference<>(first);
  }

  void lead(DataSource elsewhere) {
    to.set(elsewhere);
  }

  DataSource source() {
    return (DataSource)
        Proxy.newProxyInstance(
            SwitchedSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> method.invoke(to.get(), args));
  }
}
