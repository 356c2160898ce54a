package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What processes used so far; see proc(5).
 *
 * @param cpuSeconds user and system time
 * @param residentBytes memory that is resident now; shared pages count in each process
 * @param peakResidentBytes the largest resident memory so far
 */
record Usage(double cpuSeconds, long residentBytes, long peakResidentBytes) {
  static final Usage NONE = new Usage(0, 0, 0);

  /** USER_HZ, which is 100 on every architecture that libtorch runs on. */
  private static final double TICKS_PER_SECOND = 100;

  /** Of the first line of /proc/stat: all but idle (4) and waiting (5). */
  private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

  Usage plus(Usage other) {
    return new Usage(
        cpuSeconds + other.cpuSeconds,
        residentBytes + other.residentBytes,
        peakResidentBytes + other.peakResidentBytes);
  }

  /** Of one process; nothing when it has ended. */
  static Usage of(long pid) {
    Path directory = Path.of("/proc", Long.toString(pid));
    try {
      String status = Files.readString(directory.resolve("status"));
      return new Usage(
          cpuSeconds(Files.readString(directory.resolve("stat"))),
          bytes(status, "VmRSS"),
          bytes(status, "VmHWM"));
    } catch (IOException e) {
      return NONE;
    }
  }

  /** User and system time: the 12th and 13th field after the command's parenthesis. */
  static double cpuSeconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** A line such as "VmRSS: 1024 kB"; 0 where there is none. */
  static long bytes(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** Seconds that all processors together were busy since the machine started. */
  static double machineSeconds() {
    try {
      return machineSeconds(Files.readString(Path.of("/proc/stat")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static double machineSeconds(String stat) {
    String[] fields = stat.lines().findFirst().orElseThrow().split(" +", -1);
    long ticks = 0;
    for (int field : BUSY) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /**
   * CPU seconds so far, or in a stretch of time; divided by its seconds, processors kept busy.
   *
   * @param harness this process: generator and reader
   * @param machine all processes, also those of others
   */
  record Cpu(double subject, double broker, double harness, double machine) {

    static Cpu now(Processes subject, Processes broker) {
      return new Cpu(
          subject.usage().cpuSeconds(),
          broker.usage().cpuSeconds(),
          of(ProcessHandle.current().pid()).cpuSeconds(),
          machineSeconds());
    }

    Cpu since(Cpu before, double seconds) {
      return new Cpu(
          (subject - before.subject) / seconds,
          (broker - before.broker) / seconds,
          (harness - before.harness) / seconds,
          (machine - before.machine) / seconds);
    }

    /** What else ran on the machine and disturbed. */
    double others() {
      return Math.max(0, machine - subject - broker - harness);
    }
  }
}
