package io.attribution.benchmarks.detectors;

import io.attribution.drift.detector.Baseline;
import io.attribution.drift.detector.BaselineSource;
import io.attribution.drift.detector.Detector;
import io.attribution.drift.detector.DetectorKind;
import io.attribution.drift.detector.Direction;
import io.attribution.drift.detector.LogError;
import io.attribution.drift.detector.Reading;
import io.attribution.drift.detector.Sensitivity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Streams with and without planted shifts.
 *
 * @param seed of all random numbers
 */
record Simulation(long seed) {

  /** log10 of the errors that the shifts start from, well above the floor, and their noise. */
  static final double LEVEL = -3;

  static final double SIGMA = 0.2;
  static final int LEARNED = 200;
  static final int BEFORE = 1000;
  static final int AFTER = 1000;

  private static final int RELEARN = 20_000;
  private static final double SIGMA_FLOOR = 0.05;
  private static final double FLOOR = 1e-5;

  /** Below every error: as if there were no floor. */
  private static final double NO_FLOOR = 1e-30;

  /** Alarms with and without the floor, by detector. */
  Map<DetectorKind, long[]> healthy(HealthyErrors errors, long count, Sensitivity wanted) {
    Map<DetectorKind, AlarmCounter> floored = counters(wanted);
    Map<DetectorKind, AlarmCounter> bare = counters(wanted);
    LogError floor = new LogError(FLOOR);
    LogError none = new LogError(NO_FLOOR);
    RandomGenerator random = randomFor(errors.name());
    for (long i = 0; i < count; i++) {
      double error = errors.next(i, random);
      double clipped = floor.of(error);
      double raw = none.of(error);
      floored.values().forEach(counter -> counter.observe(clipped));
      bare.values().forEach(counter -> counter.observe(raw));
    }
    Map<DetectorKind, long[]> alarms = new EnumMap<>(DetectorKind.class);
    floored.forEach(
        (kind, counter) ->
            alarms.put(
                kind, new long[] {counter.alarms(), bare.getOrDefault(kind, counter).alarms()}));
    return alarms;
  }

  /** The same stream has the same numbers whatever else runs. */
  private RandomGenerator randomFor(String stream) {
    return new SplittableRandom(31 * seed + stream.hashCode());
  }

  private static Map<DetectorKind, AlarmCounter> counters(Sensitivity wanted) {
    Map<DetectorKind, AlarmCounter> counters = new EnumMap<>(DetectorKind.class);
    for (DetectorKind kind : DetectorKind.values()) {
      counters.put(kind, new AlarmCounter(detector(kind, wanted)));
    }
    return counters;
  }

  private static Detector detector(DetectorKind kind, Sensitivity wanted) {
    return kind.create(wanted, BaselineSource.learned(LEARNED, SIGMA_FLOOR));
  }

  /**
   * False alarms among watched observations. After an alarm the detector starts anew, and also now
   * and then, so that the figure is that of many baselines.
   */
  long falseAlarms(DetectorKind kind, Noise noise, long watched, Sensitivity wanted) {
    BaselineSource source =
        noise == Noise.KNOWN
            ? BaselineSource.of(Baseline.known(LEVEL, SIGMA))
            : BaselineSource.learned(LEARNED, SIGMA_FLOOR);
    Detector detector = kind.create(wanted, source);
    RandomGenerator random = randomFor(noise.name());
    long alarms = 0;
    long learning = source.observations();
    for (long i = 0; i < watched; ) {
      boolean alarm = detector.observe(LEVEL + SIGMA * noise.draw(random)).alarm();
      if (learning > 0) {
        learning--;
        continue;
      }
      i++;
      alarms += alarm ? 1 : 0;
      if (alarm || (noise != Noise.KNOWN && i % RELEARN == 0)) {
        detector.reset();
        learning = source.observations();
      }
    }
    return alarms;
  }

  /** Noise without a shift: what the peers see. */
  double[] quiet(int count) {
    RandomGenerator random = randomFor(Noise.KNOWN.name());
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = LEVEL + SIGMA * random.nextGaussian();
    }
    return values;
  }

  /** Streams whose error is multiplied after {@link #BEFORE} values, one after the other. */
  double[] shifted(double factor, int streams) {
    RandomGenerator random = randomFor("factor " + factor);
    double[] values = new double[streams * (BEFORE + AFTER)];
    for (int i = 0; i < values.length; i++) {
      double shift = i % (BEFORE + AFTER) < BEFORE ? 0 : Math.log10(factor);
      values[i] = LEVEL + shift + SIGMA * random.nextGaussian();
    }
    return values;
  }

  /** A detector's alarms in each of the streams, as places in the stream. */
  List<Found> find(DetectorKind kind, double[] values, Sensitivity wanted) {
    List<Found> found = new ArrayList<>();
    int length = BEFORE + AFTER;
    for (int from = 0; from < values.length; from += length) {
      Detector detector = detector(kind, wanted);
      Found stream = new Found();
      for (int i = 0; i < length; i++) {
        Reading reading = detector.observe(values[from + i]);
        if (reading.alarm()) {
          stream.alarm(i, reading.since());
        }
      }
      found.add(stream);
    }
    return found;
  }

  /** What people ask for in the shift streams. */
  static Sensitivity wanted(double falseAlarmEvery) {
    return new Sensitivity(falseAlarmEvery, 2, Direction.UP);
  }
}
