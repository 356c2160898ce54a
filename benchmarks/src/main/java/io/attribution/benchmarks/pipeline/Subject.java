package io.attribution.benchmarks.pipeline;

import java.io.IOException;

/** Something that reads feature records and writes projected and reduced contributions. */
interface Subject {
  /** In results and on the command line. */
  String name();

  /** Starts the processes; returns before they work. */
  SubjectProcesses start(Assignment assignment) throws IOException;
}
