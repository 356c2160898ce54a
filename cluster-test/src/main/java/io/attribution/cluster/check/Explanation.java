package io.attribution.cluster.check;

import io.attribution.drift.Origin;
import java.util.List;
import java.util.Optional;

/**
 * What the check reads of an output's value.
 *
 * @param embedding the encoder's outputs; empty where not read
 */
public record Explanation(Origin source, Optional<String> recordId, List<Float> embedding) {
  public Explanation {
    embedding = List.copyOf(embedding);
  }
}
