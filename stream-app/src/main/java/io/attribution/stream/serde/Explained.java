package io.attribution.stream.serde;

import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Attributed;
import java.util.Optional;

/**
 * One explained input record, on its way to the topics.
 *
 * @param model who explained it
 * @param origin where it came from
 * @param recordId the producer's name for it
 * @param attributed the explanation
 */
public record Explained(
    ModelIdentity model, Origin origin, Optional<String> recordId, Attributed attributed) {

  double relativeError() {
    return attributed.verification().relativeError();
  }
}
