package io.attribution.benchmarks.pipeline;

/**
 * Latency under a steady load, from a record's intended send time, whole milliseconds rounded down,
 * to a read_committed reader's sight of its reduced output.
 *
 * @param commitIntervalMillis how often results become visible under exactly-once
 * @param loadPercent of the maximum
 * @param maximumPerSecond what this subject sustained with the generator and the reader beside it
 * @param offeredPerSecond records sent per second
 * @param p50Millis half of the records were seen within so many milliseconds
 * @param backlog records sent but not seen when the generator stopped: a subject that keeps up has
 *     no more than a few commit intervals of them
 * @param generatorLateP99Millis how much later than intended the generator was itself
 * @param subjectCores processors that the subject kept busy
 * @param brokerCores processors that the broker kept busy
 * @param harnessCores processors that the generator and the reader kept busy together
 * @param otherCores processors that whatever else ran on the machine kept busy
 */
record LatencyResult(
    String subject,
    String model,
    Guarantee guarantee,
    Shape shape,
    long commitIntervalMillis,
    int loadPercent,
    double maximumPerSecond,
    double offeredPerSecond,
    long records,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis,
    long backlog,
    double generatorLateP99Millis,
    double subjectCores,
    double brokerCores,
    double harnessCores,
    double otherCores) {}
