package io.attribution.stream.live;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the topics told of one model lately. */
public final class ModelState {
  private static final int SAMPLES = 1000;
  private static final long SAMPLE_BYTES = 16L << 20;
  private static final int BATCHES = 2000;
  private static final int WINDOWS = 1000;

  private final ModelView model;
  private final Ring<Sample> samples = new Ring<>(SAMPLES, SAMPLE_BYTES);
  private final Ring<Batch> batches = new Ring<>(BATCHES);
  private final Ring<Window> windows = new Ring<>(WINDOWS);

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

  public Ring<Batch> batches() {
    return batches;
  }

  /** Windows as they came: a later one may replace an earlier one. */
  public Ring<Window> windowUpdates() {
    return windows;
  }

  /** At most so many of the latest windows, oldest first, each as it was told last. */
  public List<Window> windows(int limit) {
    Map<Window.Key, Window> latest = new LinkedHashMap<>();
    windows.all().forEach(window -> latest.put(window.key(), window));
    return latest.values().stream()
        .sorted(Comparator.comparingLong(Window::start))
        .skip(Math.max(0, latest.size() - limit))
        .toList();
  }

  /** The strongest features over the samples that are kept. */
  public FeatureRanking ranking() {
    return FeatureRanking.of(model, samples.all());
  }
}
