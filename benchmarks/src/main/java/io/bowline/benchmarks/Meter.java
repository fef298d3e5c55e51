// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what this process has used: processor time of all its threads, those of the JVM included,
 * and bytes allocated by its live threads. The brokers are other processes.
 */
final class Meter {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long began = System.nanoTime();
  private final long cpu = SYSTEM.getProcessCpuTime();
  private final Map<Long, Long> allocated = allocatedByThread();

  /** What was used from the making of a meter to its reading. */
  record Usage(long nanos, long cpuNanos, long bytes) {}

  Usage read() {
    long nanos = System.nanoTime() - began;
    long cpuNanos = SYSTEM.getProcessCpuTime() - cpu;
    long bytes = 0;
    for (Map.Entry<Long, Long> thread : allocatedByThread().entrySet()) {
      bytes += thread.getValue() - allocated.getOrDefault(thread.getKey(), 0L);
    }
    return new Usage(nanos, cpuNanos, bytes);
  }

  private static Map<Long, Long> allocatedByThread() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    Map<Long, Long> byThread = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      if (bytes[i] >= 0) {
        byThread.put(ids[i], bytes[i]);
      }
    }
    return byThread;
  }
}
