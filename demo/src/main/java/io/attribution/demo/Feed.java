package io.attribution.demo;

import io.attribution.stream.produce.FeatureProducer;
import io.attribution.stream.produce.Pace;
import io.attribution.stream.terminal.StopSignal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sends the example's rows over and over, a few bad records among them, on its own thread. */
final class Feed implements AutoCloseable {
  private static final long SEED = 1;

  private final Example example;
  private final Plan plan;
  private final Shift shift;
  private final Pace pace;
  private final FeatureProducer producer;
  private final StopSignal stop;
  private final List<Integer> order;
  private final Thread thread = new Thread(this::run, "feed");
  private volatile boolean finished;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closed;

  Feed(DemoOptions options, Example example, FeatureProducer producer, StopSignal stop) {
    this.example = example;
    this.plan = new Plan(options.records());
    this.shift = Shift.of(options, example);
    this.pace = Pace.of(options.recordsPerSecond(), System::nanoTime);
    this.producer = producer;
    this.stop = stop;
    this.order = order(example.size());
    thread.setDaemon(true);
  }

  /** Shuffled, because the file has rows of one label together; the same in every run. */
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
        producer.send(id, shift.apply(example.row(row), record), Optional.empty(), id);
      }
    }
  }

  /** How many records the broker has acknowledged. */
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
   * @throws io.attribution.stream.produce.ProduceException when one could not be sent
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

  /** Which records are bad: a few, of every kind in turn, evenly spread. */
  static final class Plan {
    private static final long SPACING = 200;
    private static final Fault[] FAULTS = Fault.values();

    private final long records;
    private final long spacing;

    /**
     * @param records how many there are; absent for no end
     */
    Plan(OptionalLong records) {
      this.records = records.orElse(Long.MAX_VALUE);
      this.spacing = Math.max(2, Math.min(SPACING, this.records / (FAULTS.length + 1)));
    }

    boolean has(long record) {
      return record < records;
    }

    /** What is wrong with a record, counted from 0; empty for most. */
    Optional<Fault> fault(long record) {
      return record % spacing == spacing - 1
          ? Optional.of(FAULTS[(int) (record / spacing % FAULTS.length)])
          : Optional.empty();
    }

    /** How many of the first {@code sent} records are bad. */
    long faults(long sent) {
      return sent / spacing;
    }
  }

  /**
   * Drift of the data: from one record on, one feature is larger.
   *
   * @param from the first record that is shifted
   */
  private record Shift(int feature, float amount, long from) {
    private static final double DEVIATIONS = 3;

    /** The feature that varies most, by three of its standard deviations. */
    static Shift of(DemoOptions options, Example example) {
      if (options.inject().filter(what -> what == Injection.SHIFT).isEmpty()) {
        return new Shift(0, 0, Long.MAX_VALUE);
      }
      double[] deviations = example.deviations();
      int most = 0;
      for (int k = 1; k < deviations.length; k++) {
        most = deviations[k] > deviations[most] ? k : most;
      }
      float amount = (float) (DEVIATIONS * deviations[most]);
      return new Shift(most, amount, options.shiftFrom(example.bundle()));
    }

    /** The row as it is sent: D raw features. */
    float[] apply(float[] row, long record) {
      if (record < from) {
        return row;
      }
      float[] shifted = row.clone();
      shifted[feature] += amount;
      return shifted;
    }
  }
}
