package io.attribution.drift;

import io.attribution.engine.attribution.ExplainedRow;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the watch over attributions has of a model's bundle.
 *
 * @param features their names, D
 * @param reference training rows, explained; empty where the stream's first rows become the
 *     reference
 */
public record WatchedModel(List<String> features, List<ExplainedRow> reference) {
  public WatchedModel {
    features = List.copyOf(features);
    reference = List.copyOf(reference);
  }

  /** A model that only another instance has loaded: its features are numbered. */
  public static WatchedModel loadedElsewhere(int features) {
    return new WatchedModel(
        IntStream.range(0, features).mapToObj(k -> "feature_" + k).toList(), List.of());
  }
}
