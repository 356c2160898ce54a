package io.attribution.drift;

import io.attribution.engine.attribution.ExplainedRow;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the watch over attributions knows of a model beforehand.
 *
 * @param features their names, D
 * @param reference training rows, explained; none where the stream's first rows are to be the
 *     reference
 */
public record WatchedModel(List<String> features, List<ExplainedRow> reference) {
  public WatchedModel {
    features = List.copyOf(features);
    reference = List.copyOf(reference);
  }

  /** A model that is loaded elsewhere: of its features only the number is known. */
  public static WatchedModel loadedElsewhere(int features) {
    return new WatchedModel(
        IntStream.range(0, features).mapToObj(k -> "feature_" + k).toList(), List.of());
  }
}
