package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.List;

/** Holds answers against openapi.json; its schemas are JSON Schema 2020-12, as OpenAPI 3.1 says. */
public final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private OpenApi() {}

  /** What is wrong with an answer; empty when nothing is. */
  public static List<String> violations(String method, String path, int status, String body)
      throws IOException {
    JsonNode document = JSON.readTree(Assets.read("/openapi.json"));
    JsonNode response =
        document.get("paths").get(path).get(method).get("responses").get(String.valueOf(status));
    if (response == null) {
      return List.of("status " + status + " is not described");
    }
    ObjectNode schema = JSON.createObjectNode();
    schema.set("components", document.get("components"));
    schema.putArray("allOf").add(response.get("content").get("application/json").get("schema"));
    return SCHEMAS.getSchema(schema).validate(JSON.readTree(body)).stream()
        .map(Object::toString)
        .toList();
  }
}
