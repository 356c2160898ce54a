package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What Linux says of a process under /proc; see proc(5). */
final class ProcFiles {
  /** USER_HZ, which is 100 on every architecture that libtorch runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int[] BUSY = {1, 2, 3, 6, 7, 8};
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final long KIB = 1024;

  private ProcFiles() {}

  /** Absent when the process is gone. */
  static Optional<ProcessUsage> usage(long pid) {
    Path directory = Path.of("/proc", Long.toString(pid));
    try {
      String status = Files.readString(directory.resolve("status"));
      return Optional.of(
          new ProcessUsage(
              cpuSeconds(Files.readString(directory.resolve("stat"))),
              bytes(status, "VmRSS"),
              bytes(status, "VmHWM")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Seconds that all processors together were busy since the machine started. */
  static double machineSeconds() {
    try {
      return machineSeconds(Files.readString(Path.of("/proc/stat")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first line: user, nice, system, idle, waiting, interrupts, soft interrupts, stolen. */
  static double machineSeconds(String stat) {
    String[] fields = stat.lines().findFirst().orElseThrow().split(" +", -1);
    long ticks = 0;
    for (int field : BUSY) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** User and system time; the fields are counted from after the command's parenthesis. */
  static double cpuSeconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  /** A line such as "VmRSS: 1024 kB"; 0 where there is none, as for a process that just ended. */
  static long bytes(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> KIB * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
