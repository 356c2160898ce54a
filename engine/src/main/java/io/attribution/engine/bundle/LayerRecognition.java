package io.attribution.engine.bundle;

import java.util.List;
import java.util.Optional;

/**
 * What the layers engine makes of a graph.
 *
 * @param layers the same encoder as layers, if all of it is known
 * @param obstacle the first operator that is not, with its node; empty where layers are
 */
public record LayerRecognition(Optional<List<LayerSpec>> layers, Optional<String> obstacle) {

  /**
   * Recognises layers by what the graph does.
   *
   * @param inputShape the encoder's input without the batch axis
   * @param outputs O
   */
  public static LayerRecognition of(EncoderGraph graph, List<Integer> inputShape, int outputs) {
    try {
      return new LayerRecognition(
          Optional.of(new LayerRecognizer(graph, inputShape).layers(outputs)), Optional.empty());
    } catch (UnknownOperatorException e) {
      return new LayerRecognition(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
    }
  }
}
