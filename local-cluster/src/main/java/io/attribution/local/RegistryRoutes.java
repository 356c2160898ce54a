package io.attribution.local;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.entities.requests.CompatibilityCheckResponse;
import io.confluent.kafka.schemaregistry.client.rest.entities.requests.ConfigUpdateRequest;
import io.confluent.kafka.schemaregistry.client.rest.entities.requests.RegisterSchemaRequest;
import io.confluent.kafka.schemaregistry.client.rest.entities.requests.RegisterSchemaResponse;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.List;

/** The paths of Confluent's REST API that {@link LocalRegistry} serves, and what each answers. */
final class RegistryRoutes {
  private static final String SUBJECT = "/subjects/{subject}";
  private static final String VERSIONS = "/subjects/{subject}/versions";
  private static final String VERSION = "/subjects/{subject}/versions/{version}";

  private final Compatibility compatibility;
  private final SchemaCatalog catalog;

  RegistryRoutes(MockSchemaRegistryClient client) {
    this.compatibility = new Compatibility(client);
    this.catalog = new SchemaCatalog(client, compatibility);
  }

  List<Route> all() {
    return List.of(
        Route.get("/subjects", call -> catalog.subjects()),
        Route.post(SUBJECT, this::lookUp),
        Route.get(VERSIONS, call -> catalog.versions(call.argument(0))),
        Route.post(VERSIONS, this::register),
        Route.get(VERSION, call -> catalog.version(call.argument(0), version(call))),
        Route.get("/schemas/ids/{id}", call -> catalog.schema(call.number(0))),
        Route.get("/schemas/ids/{id}/versions", call -> catalog.usesOf(call.number(0))),
        Route.get("/schemas/types", call -> List.of("AVRO")),
        Route.get("/config", call -> compatibility.global()),
        Route.put("/config", call -> compatibility.setGlobal(level(call))),
        Route.get("/config/{subject}", this::subjectLevel),
        Route.put("/config/{subject}", call -> compatibility.set(call.argument(0), level(call))),
        Route.post("/compatibility" + VERSIONS, this::fits),
        Route.post("/compatibility" + VERSION, this::fitsVersion));
  }

  private Object lookUp(RegistryCall call) throws IOException, RestClientException, RegistryError {
    return catalog.lookUp(call.argument(0), schema(call), call.flag("normalize"));
  }

  private Object register(RegistryCall call)
      throws IOException, RestClientException, RegistryError {
    return new RegisterSchemaResponse(
        catalog.register(call.argument(0), schema(call), call.flag("normalize")));
  }

  private Object subjectLevel(RegistryCall call)
      throws IOException, RestClientException, RegistryError {
    String subject = call.argument(0);
    return call.flag("defaultToGlobal")
        ? compatibility.ofOrGlobal(subject)
        : compatibility.of(subject);
  }

  private Object fits(RegistryCall call) throws IOException, RestClientException, RegistryError {
    String subject = call.argument(0);
    ParsedSchema schema = catalog.parse(subject, schema(call), call.flag("normalize"));
    return verdict(compatibility.conflicts(subject, schema), call);
  }

  private Object fitsVersion(RegistryCall call)
      throws IOException, RestClientException, RegistryError {
    String subject = call.argument(0);
    ParsedSchema schema = catalog.parse(subject, schema(call), call.flag("normalize"));
    if (version(call).isLatest() && !catalog.exists(subject)) {
      return verdict(List.of(), call);
    }
    int version = version(call).among(catalog.versions(subject));
    return verdict(compatibility.conflicts(subject, version, schema), call);
  }

  private static CompatibilityCheckResponse verdict(List<String> conflicts, RegistryCall call) {
    CompatibilityCheckResponse response = new CompatibilityCheckResponse();
    response.setIsCompatible(conflicts.isEmpty());
    if (call.flag("verbose")) {
      response.setMessages(conflicts);
    }
    return response;
  }

  private static RegisterSchemaRequest schema(RegistryCall call) throws RegistryError {
    return call.body(RegisterSchemaRequest::fromJson);
  }

  private static ConfigUpdateRequest level(RegistryCall call) throws RegistryError {
    return call.body(ConfigUpdateRequest::fromJson);
  }

  private static VersionId version(RegistryCall call) throws RegistryError {
    return VersionId.parse(call.argument(1));
  }
}
