package io.attribution.benchmarks.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Processes and those that they started. Looking for these means reading about every process of the
 * machine, which asked twenty times a second kept a twelfth of a core busy; so it is done once a
 * second.
 */
final class ProcessTree {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<ProcessHandle> roots;
  private List<ProcessHandle> members = List.of();
  private long lookedNanos;

  ProcessTree(List<ProcessHandle> roots) {
    this.roots = List.copyOf(roots);
  }

  static ProcessTree self() {
    return new ProcessTree(List.of(ProcessHandle.current()));
  }

  private List<ProcessHandle> look() {
    lookedNanos = System.nanoTime();
    return roots.stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .distinct()
        .toList();
  }

  ProcessUsage usage() {
    if (members.isEmpty() || System.nanoTime() - lookedNanos > LOOK_NANOS) {
      members = look();
    }
    return usage(members);
  }

  /** Of the roots alone: this process without those that it started. */
  ProcessUsage ownUsage() {
    return usage(roots);
  }

  private static ProcessUsage usage(List<ProcessHandle> processes) {
    return processes.stream()
        .map(process -> ProcFiles.usage(process.pid()))
        .flatMap(Optional::stream)
        .reduce(ProcessUsage.NONE, ProcessUsage::plus);
  }

  boolean isAlive() {
    return roots.stream().allMatch(ProcessHandle::isAlive);
  }
}
