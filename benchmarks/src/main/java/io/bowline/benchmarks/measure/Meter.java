// SPDX-License-Identifier: Apache-2.0
package io.bowline.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what this process has used: processor time of all its threads, the JVM's collectors
 * included and its compilers left out, and bytes allocated by its live threads. The brokers are
 * other processes.
 */
public final class Meter {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Map<Long, Long> allocated = allocatedByThread();
  private final ThreadCosts costs = new ThreadCosts();
  private final long cpu = SYSTEM.getProcessCpuTime();
  private final long began = System.nanoTime();

  /** Begins to measure. */
  public Meter() {}

  /**
   * What was used from the making of a meter to its reading.
   *
   * @param costs the same by thread, still running
   */
  public record Usage(long nanos, long cpuNanos, long bytes, ThreadCosts costs) {}

  /** What was used until now. */
  public Usage read() {
    long nanos = System.nanoTime() - began;
    long cpuNanos = SYSTEM.getProcessCpuTime() - cpu;
    long bytes = 0;
    for (Map.Entry<Long, Long> thread : allocatedByThread().entrySet()) {
      bytes += thread.getValue() - allocated.getOrDefault(thread.getKey(), 0L);
    }
    return new Usage(nanos, cpuNanos - costs.compiling(), bytes, costs);
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
