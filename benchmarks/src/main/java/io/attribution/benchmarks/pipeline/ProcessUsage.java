package io.attribution.benchmarks.pipeline;

/**
 * What one process, or several together, used so far.
 *
 * @param cpuSeconds user and system time
 * @param residentBytes memory that is resident now; pages shared by several processes count in each
 * @param peakResidentBytes the largest it ever was
 */
record ProcessUsage(double cpuSeconds, long residentBytes, long peakResidentBytes) {
  static final ProcessUsage NONE = new ProcessUsage(0, 0, 0);

  ProcessUsage plus(ProcessUsage other) {
    return new ProcessUsage(
        cpuSeconds + other.cpuSeconds,
        residentBytes + other.residentBytes,
        peakResidentBytes + other.peakResidentBytes);
  }
}
