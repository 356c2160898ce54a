package io.attribution.benchmarks.pipeline;

import java.util.List;

/**
 * How a run went on: what a read_committed reader could see at each moment, and what the subject
 * had used by then.
 */
record Progress(List<Sample> samples) {
  Progress {
    samples = List.copyOf(samples);
    if (samples.isEmpty() || samples.get(samples.size() - 1).committed() == 0) {
      throw new BenchFailure("nothing was committed");
    }
  }

  /**
   * @param nanos on any clock
   * @param committed ends of the output topics, added up; commit markers included
   * @param subject what its processes used so far
   * @param cpu seconds used so far
   */
  record Sample(long nanos, long committed, ProcessUsage subject, Cores.Busy cpu) {}

  private Sample last() {
    return samples.get(samples.size() - 1);
  }

  /** The first sample with an output. */
  Sample first() {
    return samples.stream().filter(sample -> sample.committed() > 0).findFirst().orElseThrow();
  }

  /** The first sample at which this share of everything was committed. */
  Sample reached(double share) {
    long enough = (long) Math.ceil(share * last().committed());
    return samples.stream()
        .filter(sample -> sample.committed() >= enough)
        .findFirst()
        .orElseThrow();
  }

  /**
   * From one commit to the last one.
   *
   * @param records that were written in all
   * @param warmup share of them that does not count
   */
  Steady steady(long records, double warmup) {
    Sample from = reached(warmup);
    Sample to = reached(1);
    double counted = (double) records * (to.committed() - from.committed()) / last().committed();
    return new Steady(
        counted,
        (to.nanos() - from.nanos()) / 1e9,
        to.cpu().since(from.cpu(), 1),
        growth(from, to));
  }

  /** Of resident memory, from the first third of a stretch to its last, as a share. */
  private double growth(Sample from, Sample to) {
    double third = (to.nanos() - from.nanos()) / 3.0;
    double early = meanResident((double) from.nanos(), from.nanos() + third);
    return early == 0 ? 0 : meanResident(to.nanos() - third, (double) to.nanos()) / early - 1;
  }

  private double meanResident(double fromNanos, double toNanos) {
    return samples.stream()
        .filter(sample -> sample.nanos() >= fromNanos && sample.nanos() <= toNanos)
        .mapToLong(sample -> sample.subject().residentBytes())
        .average()
        .orElse(0);
  }

  /**
   * A stretch of steady work.
   *
   * @param records committed in it
   * @param seconds that it took
   * @param cpu seconds used in it
   * @param residentGrowth of the subject's memory, last third against first
   */
  record Steady(double records, double seconds, Cores.Busy cpu, double residentGrowth) {
    double recordsPerSecond() {
      return records / seconds;
    }

    /** CPU seconds of the subject for a million records. */
    double cpuPerMillion() {
      return 1e6 * cpu.subject() / records;
    }

    /** Processors that whatever else ran on the machine kept busy. */
    double otherCores() {
      return cpu.others() / seconds;
    }

    double brokerCpuPerMillion() {
      return 1e6 * cpu.broker() / records;
    }
  }
}
