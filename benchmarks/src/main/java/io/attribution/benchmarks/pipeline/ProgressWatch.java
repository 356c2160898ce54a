package io.attribution.benchmarks.pipeline;

import io.attribution.stream.topics.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Asks the broker for the committed ends of the outputs until all of them are there. */
final class ProgressWatch {
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** More than two commit intervals without a change. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration STALLED = Duration.ofSeconds(60);

  private final BenchTopics topics;
  private final Topics names;
  private final SubjectProcesses subject;
  private final ProcessTree broker;
  private final List<Progress.Sample> samples = new ArrayList<>();

  ProgressWatch(BenchTopics topics, Topics names, SubjectProcesses subject, ProcessTree broker) {
    this.topics = topics;
    this.names = names;
    this.subject = subject;
    this.broker = broker;
  }

  /**
   * @throws BenchFailure when the subject ends or stands still before it is through
   */
  Progress until(long records) {
    long changedNanos = System.nanoTime();
    long committed = 0;
    while (true) {
      long projected = topics.committed(names.projected());
      long reduced = topics.committed(names.reduced());
      long now = System.nanoTime();
      samples.add(
          new Progress.Sample(
              now,
              projected + reduced,
              subject.tree().usage(),
              Cores.secondsOf(subject.tree(), broker)));
      if (projected + reduced != committed) {
        committed = projected + reduced;
        changedNanos = now;
      }
      long quiet = now - changedNanos;
      if (Math.min(projected, reduced) >= records && quiet > QUIET.toNanos()) {
        return new Progress(samples);
      }
      if (quiet > STALLED.toNanos()) {
        throw new BenchFailure(
            "no output for %s at %d of %d".formatted(STALLED, committed, 2 * records));
      }
      subject.requireAlive();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
