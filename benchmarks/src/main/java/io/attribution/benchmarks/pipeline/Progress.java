package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.pipeline.Usage.Cpu;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How a run went on: what a read_committed reader could see at each moment, and the CPU seconds
 * used by then.
 */
record Progress(List<Sample> samples) {
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** More than two commit intervals without a change. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration STALLED = Duration.ofSeconds(60);

  Progress {
    samples = List.copyOf(samples);
    if (samples.isEmpty() || samples.get(samples.size() - 1).committed() == 0) {
      throw new IllegalStateException("nothing was committed");
    }
  }

  /**
   * @param nanos on any clock
   * @param committed ends of the output topics, summed; commit markers included
   */
  record Sample(long nanos, long committed, Cpu cpu) {}

  /**
   * Polls the broker until all outputs are committed.
   *
   * @throws IllegalStateException when the subject ends or stalls before
   */
  static Progress until(long records, Run run, Processes subject) {
    List<Sample> samples = new ArrayList<>();
    Cluster cluster = run.runs().cluster();
    Processes broker = cluster.processes();
    int partitions = run.of().shape().partitions();
    long changedNanos = System.nanoTime();
    long committed = 0;
    while (true) {
      long projected = cluster.committed(run.topics().projected(), partitions);
      long reduced = cluster.committed(run.topics().reduced(), partitions);
      long now = System.nanoTime();
      samples.add(new Sample(now, projected + reduced, Cpu.now(subject, broker)));
      if (projected + reduced != committed) {
        committed = projected + reduced;
        changedNanos = now;
      }
      long quiet = now - changedNanos;
      if (Math.min(projected, reduced) >= records && quiet > QUIET.toNanos()) {
        return new Progress(samples);
      }
      if (quiet > STALLED.toNanos()) {
        throw new IllegalStateException(
            "no output for %s at %d of %d".formatted(STALLED, committed, 2 * records));
      }
      subject.requireAlive();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** The first sample at which this share of everything was committed. */
  private Sample reached(double share) {
    long enough = (long) Math.ceil(share * samples.get(samples.size() - 1).committed());
    return samples.stream()
        .filter(sample -> sample.committed() >= enough)
        .findFirst()
        .orElseThrow();
  }

  /**
   * From the commit that ends the warm-up to the last one.
   *
   * @param records that were written in all
   * @param warmup share of them that does not count
   */
  Steady steady(long records, double warmup) {
    Sample from = reached(warmup);
    Sample to = reached(1);
    double share = (double) (to.committed() - from.committed()) / to.committed();
    return new Steady(
        records * share, (to.nanos() - from.nanos()) / 1e9, to.cpu().since(from.cpu(), 1));
  }

  /**
   * A stretch of steady work.
   *
   * @param records committed in it
   * @param seconds that it took
   * @param cpu seconds used in it
   */
  record Steady(double records, double seconds, Cpu cpu) {}
}
