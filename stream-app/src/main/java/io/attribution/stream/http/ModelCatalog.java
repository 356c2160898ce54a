package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.stream.json.Json;
import io.attribution.stream.live.ModelView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The loaded models by name. */
final class ModelCatalog {
  private final List<ServedModel> models;
  private final String defaultModel;

  ModelCatalog(List<ServedModel> models, String defaultModel) {
    this.models = List.copyOf(models);
    this.defaultModel = defaultModel;
  }

  List<ServedModel> all() {
    return models;
  }

  /**
   * @param name empty for the default model
   * @throws HttpProblem 404 when there is no model of this name
   */
  ServedModel require(Optional<String> name) {
    String wanted = name.orElse(defaultModel);
    return models.stream()
        .filter(model -> model.view().name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> HttpProblem.notFound("no model '" + wanted + "'; available: " + names()));
  }

  private String names() {
    return models.stream().map(model -> model.view().name()).collect(Collectors.joining(", "));
  }

  JsonNode json() {
    return Json.array(models, ModelCatalog::document);
  }

  private static ObjectNode document(ServedModel model) {
    ModelView view = model.view();
    return Json.object()
        .put("name", view.name())
        .put("version", view.version())
        .put("bundle", view.fingerprint())
        .put("engine", model.explainer().model().engine())
        .put("method", model.explainer().model().method().label())
        .put("exact", view.exact())
        .put("tolerance", view.tolerance())
        .put("roundingFloor", view.roundingFloor())
        .putPOJO("features", view.features())
        .putPOJO("outputs", view.outputs())
        .putPOJO("grid", view.grid().orElse(null))
        .put("reduction", view.reduction());
  }
}
