package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.attribution.stream.live.Grid;
import io.attribution.stream.live.ModelView;
import java.io.IOException;
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
   * @param name nothing for the default model
   * @throws HttpProblem 404 when there is none of this name
   */
  ServedModel require(Optional<String> name) {
    String wanted = name.orElse(defaultModel);
    return models.stream()
        .filter(model -> model.view().name().equals(wanted))
        .findFirst()
        .orElseThrow(() -> HttpProblem.notFound("no model '" + wanted + "'; there is " + names()));
  }

  private String names() {
    return models.stream().map(model -> model.view().name()).collect(Collectors.joining(", "));
  }

  JsonBody json() {
    return json -> JsonFields.list(json, models, ModelCatalog::model);
  }

  private static void model(JsonGenerator json, ServedModel model) throws IOException {
    ModelView view = model.view();
    json.writeStartObject();
    json.writeStringField("name", view.name());
    json.writeStringField("version", view.version());
    json.writeStringField("bundle", view.fingerprint());
    json.writeStringField("engine", model.explainer().model().engine());
    json.writeBooleanField("exact", view.exact());
    json.writeNumberField("tolerance", view.tolerance());
    json.writeNumberField("roundingFloor", view.roundingFloor());
    JsonFields.list(json, "features", view.features(), JsonGenerator::writeString);
    JsonFields.list(json, "outputs", view.outputs(), JsonGenerator::writeString);
    json.writeFieldName("grid");
    grid(json, view.grid());
    json.writeStringField("reduction", view.reduction());
    json.writeEndObject();
  }

  private static void grid(JsonGenerator json, Optional<Grid> grid) throws IOException {
    if (grid.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeNumberField("rows", grid.get().rows());
    json.writeNumberField("columns", grid.get().columns());
    json.writeEndObject();
  }
}
