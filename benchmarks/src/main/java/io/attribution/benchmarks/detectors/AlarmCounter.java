package io.attribution.benchmarks.detectors;

import io.attribution.drift.detector.Detector;

/** Counts alarms; one that lasts is one. */
final class AlarmCounter {
  private final Detector detector;
  private boolean lasting;
  private long alarms;

  AlarmCounter(Detector detector) {
    this.detector = detector;
  }

  void observe(double value) {
    boolean alarm = detector.observe(value).alarm();
    if (alarm && !(lasting && detector.remembersNormal())) {
      alarms++;
    }
    lasting = alarm;
  }

  long alarms() {
    return alarms;
  }
}
