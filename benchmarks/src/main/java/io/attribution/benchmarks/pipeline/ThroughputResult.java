package io.attribution.benchmarks.pipeline;

/**
 * One run through preloaded records.
 *
 * @param records of the whole run
 * @param inputBytes of one input message's value
 * @param outputBytes of one record's projected and reduced values together
 * @param seconds from the commit that ended the warm-up to the last
 * @param recordsPerSecond in that time
 * @param cpuSecondsPerMillion of the subject's processes in that time
 * @param brokerCpuSecondsPerMillion of the broker, which shares the machine
 * @param peakResidentBytes of the subject's processes together
 * @param residentGrowth of its memory in that time, last third against first, as a share
 * @param startSeconds from the start of the processes to the first committed output
 * @param otherCores processors that whatever else ran on the machine kept busy in that time
 */
record ThroughputResult(
    String subject,
    String model,
    Guarantee guarantee,
    Shape shape,
    int round,
    long records,
    long inputBytes,
    long outputBytes,
    double seconds,
    double recordsPerSecond,
    double cpuSecondsPerMillion,
    double brokerCpuSecondsPerMillion,
    long peakResidentBytes,
    double residentGrowth,
    double startSeconds,
    double otherCores) {
  private static final double MIB = 1 << 20;

  double peakResidentMib() {
    return peakResidentBytes / MIB;
  }
}
