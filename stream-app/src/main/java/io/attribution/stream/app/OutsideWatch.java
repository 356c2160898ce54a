package io.attribution.stream.app;

import io.attribution.stream.app.BrokerProbe.ProbeException;
import io.attribution.stream.monitoring.LastAnswer;
import io.attribution.stream.monitoring.Outside;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks brokers and registry every few seconds, on threads of its own: either may hang. What they
 * answer goes to {@link Outside}, and an outage to the log, once when it counts and once when it is
 * over.
 */
final class OutsideWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutsideWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Outside outside;
  private final BrokerProbe brokers;
  private final Runnable registry;
  private final Supplier<Optional<Set<Integer>>> mine;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(2, OutsideWatch::daemon);

  /**
   * @param registry asks the registry; throws when it does not answer
   * @param mine the input's partitions that this instance reads; empty while not known
   */
  OutsideWatch(
      Outside outside,
      BrokerProbe brokers,
      Runnable registry,
      Supplier<Optional<Set<Integer>>> mine) {
    this.outside = outside;
    this.brokers = brokers;
    this.registry = registry;
    this.mine = mine;
  }

  void start() {
    repeat(outside.brokers(), this::askBrokers);
    repeat(outside.registry(), registry::run);
  }

  /** One round of questions. */
  private interface Probe {
    void run() throws ProbeException, InterruptedException;
  }

  private void askBrokers() throws ProbeException, InterruptedException {
    outside.commits().observe(brokers.positions(), mine.get());
    brokers.requireWritable();
  }

  private void repeat(LastAnswer last, Probe probe) {
    // It never ends: ask throws nothing.
    ScheduledFuture<?> unused =
        threads.scheduleWithFixedDelay(
            () -> ask(last, probe), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void ask(LastAnswer last, Probe probe) {
    try {
      probe.run();
      last.answered().ifPresent(LOG::warn);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ProbeException | RuntimeException | Error e) {
      // Errors too: a timer does not repeat a task that threw.
      last.failed(Optional.ofNullable(e.getMessage()).orElseGet(e::toString)).ifPresent(LOG::warn);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "outside-watch");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    brokers.close();
  }
}
