package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.util.Map;

/** Something that reads feature records and writes projected and reduced contributions. */
interface Subject {
  /** In results and on the command line. */
  String name();

  /** What its configuration has other than the benchmark's. */
  default Map<String, String> settings() {
    return Map.of();
  }

  /** Starts the processes; returns before they work. */
  SubjectProcesses start(Assignment assignment) throws IOException;
}
