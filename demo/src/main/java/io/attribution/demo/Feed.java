package io.attribution.demo;

import io.attribution.stream.produce.FeatureProducer;
import io.attribution.stream.produce.Pace;
import io.attribution.stream.terminal.StopSignal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the example's rows again and again, with a bad record here and there, on its own thread.
 */
final class Feed implements AutoCloseable {
  private static final long SEED = 1;

  private final Example example;
  private final Injected rows;
  private final FeedPlan plan;
  private final FeatureProducer producer;
  private final Pace pace;
  private final StopSignal stop;
  private final List<Integer> order;
  private final Thread thread = new Thread(this::run, "feed");
  private volatile boolean finished;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closed;

  Feed(
      Example example,
      Injected rows,
      FeedPlan plan,
      FeatureProducer producer,
      Pace pace,
      StopSignal stop) {
    this.example = example;
    this.rows = rows;
    this.plan = plan;
    this.order = order(example.size());
    this.producer = producer;
    this.pace = pace;
    this.stop = stop;
    thread.setDaemon(true);
  }

  /** Not as they stand in the file, which has rows of one kind together; the same each time. */
  private static List<Integer> order(int rows) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    Collections.shuffle(order, new Random(SEED));
    return order;
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
      int row = order.get(Math.toIntExact(record % example.size()));
      Optional<Fault> fault = plan.fault(record);
      if (fault.isPresent()) {
        String id = "bad-" + record;
        producer.send(id, fault.get().value(producer, example.row(row), id));
      } else {
        String id = Integer.toString(row);
        producer.send(id, rows.row(row, record), Optional.empty(), id);
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
   * @throws io.attribution.stream.produce.ProduceException when one could not be
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
