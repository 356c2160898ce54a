package io.attribution.benchmarks.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Processes and those that they started. */
record ProcessTree(List<ProcessHandle> roots) {
  ProcessTree {
    roots = List.copyOf(roots);
  }

  static ProcessTree self() {
    return new ProcessTree(List.of(ProcessHandle.current()));
  }

  ProcessUsage usage() {
    return roots.stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .distinct()
        .map(process -> ProcFiles.usage(process.pid()))
        .flatMap(Optional::stream)
        .reduce(ProcessUsage.NONE, ProcessUsage::plus);
  }

  /** Of the roots alone: this process without those that it started. */
  ProcessUsage ownUsage() {
    return roots.stream()
        .map(process -> ProcFiles.usage(process.pid()))
        .flatMap(Optional::stream)
        .reduce(ProcessUsage.NONE, ProcessUsage::plus);
  }

  boolean isAlive() {
    return roots.stream().allMatch(ProcessHandle::isAlive);
  }
}
