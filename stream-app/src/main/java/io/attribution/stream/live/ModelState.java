package io.attribution.stream.live;

import io.attribution.schema.VerificationMetric;
import io.attribution.schema.VerificationWindow;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The latest records of one model. */
public final class ModelState {
  private static final int SAMPLES = 1000;
  private static final long SAMPLE_BYTES = 16L << 20;
  private static final int BATCHES = 2000;
  private static final int WINDOWS = 1000;

  private final ModelView model;
  private final Ring<Sample> samples = new Ring<>(SAMPLES, SAMPLE_BYTES);
  private final Ring<VerificationMetric> batches = new Ring<>(BATCHES);
  private final Ring<VerificationWindow> windows = new Ring<>(WINDOWS);

  /** A later window of the same key replaces the earlier one. */
  private record WindowKey(String version, String bundle, Instant start) {
    static WindowKey of(VerificationWindow window) {
      return new WindowKey(window.getVersion(), window.getBundle(), window.getStart());
    }
  }

  ModelState(ModelView model) {
    this.model = model;
  }

  public ModelView model() {
    return model;
  }

  /** Explained records, a few per second. */
  public Ring<Sample> samples() {
    return samples;
  }

  /** Verification by batch. */
  public Ring<VerificationMetric> batches() {
    return batches;
  }

  /** Windows in the order of their topic: a later one may replace an earlier one. */
  public Ring<VerificationWindow> windowUpdates() {
    return windows;
  }

  /** The latest windows, at most {@code limit}, oldest first, each in its latest version. */
  public List<VerificationWindow> windows(int limit) {
    Map<WindowKey, VerificationWindow> latest = new LinkedHashMap<>();
    windows.all().forEach(window -> latest.put(WindowKey.of(window), window));
    return latest.values().stream()
        .sorted(Comparator.comparing(VerificationWindow::getStart))
        .skip(Math.max(0, latest.size() - limit))
        .toList();
  }

  /** The strongest features over the samples that are kept. */
  public FeatureRanking ranking() {
    return FeatureRanking.of(model, samples.all());
  }
}
