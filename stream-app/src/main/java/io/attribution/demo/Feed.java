package io.attribution.demo;

import io.attribution.produce.FeatureProducer;
import io.attribution.produce.Pace;
import io.attribution.terminal.StopSignal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends the example's rows again and again, with a bad record here and there, on its own thread.
 */
final class Feed implements AutoCloseable {
  private final Example example;
  private final FeedPlan plan;
  private final FeatureProducer producer;
  private final Pace pace;
  private final StopSignal stop;
  private final Thread thread = new Thread(this::run, "feed");
  private volatile boolean finished;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closed;

  Feed(Example example, FeedPlan plan, FeatureProducer producer, Pace pace, StopSignal stop) {
    this.example = example;
    this.plan = plan;
    this.producer = producer;
    this.pace = pace;
    this.stop = stop;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      sendAll();
      producer.flush();
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      finished = true;
    }
  }

  private void sendAll() {
    for (long record = 0; plan.has(record); record++) {
      if (stop.await(pace.untilNext()) || closed) {
        return;
      }
      int row = Math.toIntExact(record % example.size());
      Optional<Fault> fault = plan.fault(record);
      if (fault.isPresent()) {
        String id = "bad-" + record;
        producer.send(id, fault.get().value(producer, example.row(row), id));
      } else {
        String id = Integer.toString(row);
        producer.send(id, example.row(row), Optional.empty(), id);
      }
    }
  }

  /** How many records the broker has taken. */
  long sent() {
    return producer.acknowledged();
  }

  /** How many of them were bad on purpose. */
  long bad() {
    return plan.faults(sent());
  }

  /**
   * Whether all records are sent.
   *
   * @throws io.attribution.produce.ProduceException when one could not be
   */
  boolean isFinished() {
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    return finished;
  }

  @Override
  public void close() {
    closed = true;
    producer.close();
  }
}
