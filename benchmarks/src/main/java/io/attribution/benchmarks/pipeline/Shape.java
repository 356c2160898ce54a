package io.attribution.benchmarks.pipeline;

/**
 * How a subject is spread.
 *
 * @param partitions of every topic
 * @param threads stream threads of one instance; a Python peer starts as many processes
 * @param instances processes of one subject
 */
record Shape(int partitions, int threads, int instances) {
  /** In tables. */
  String label() {
    return partitions + " × " + threads + " × " + instances;
  }
}
