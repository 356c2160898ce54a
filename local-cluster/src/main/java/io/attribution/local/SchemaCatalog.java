package io.attribution.local;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.entities.Schema;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaString;
import io.confluent.kafka.schemaregistry.client.rest.entities.SubjectVersion;
import io.confluent.kafka.schemaregistry.client.rest.entities.requests.RegisterSchemaRequest;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Subjects, versions and ids. Confluent's own in-memory client assigns and finds them; this class
 * adds what a registry does around it: the compatibility check on registration, and the precise
 * refusals. Not thread-safe.
 */
final class SchemaCatalog {
  private final MockSchemaRegistryClient client;
  private final Compatibility compatibility;

  SchemaCatalog(MockSchemaRegistryClient client, Compatibility compatibility) {
    this.client = client;
    this.compatibility = compatibility;
  }

  Collection<String> subjects() throws IOException, RestClientException {
    return client.getAllSubjects();
  }

  /**
   * @throws RegistryError 40401
   */
  List<Integer> versions(String subject) throws IOException, RestClientException, RegistryError {
    if (!exists(subject)) {
      throw RegistryError.subjectNotFound(subject);
    }
    return client.getAllVersions(subject);
  }

  /**
   * @throws RegistryError 40401, 40402
   */
  Schema version(String subject, VersionId wanted)
      throws IOException, RestClientException, RegistryError {
    int version = wanted.among(versions(subject));
    return new Schema(subject, client.getSchemaMetadata(subject, version));
  }

  /**
   * The version of the subject that has this schema.
   *
   * @throws RegistryError 40401, 40403, 42201
   */
  Schema lookUp(String subject, RegisterSchemaRequest request, boolean normalize)
      throws IOException, RestClientException, RegistryError {
    List<Integer> versions = versions(subject);
    ParsedSchema schema = parse(subject, request, normalize);
    int id = idOf(subject, schema).orElseThrow(RegistryError::schemaNotFound);
    for (int version : versions) {
      Schema candidate = new Schema(subject, client.getSchemaMetadata(subject, version));
      if (candidate.getId() == id) {
        return candidate;
      }
    }
    throw RegistryError.schemaNotFound();
  }

  /**
   * The id of this schema, which becomes the subject's newest version where it is not one yet.
   *
   * @throws RegistryError 409, 42201
   */
  int register(String subject, RegisterSchemaRequest request, boolean normalize)
      throws IOException, RestClientException, RegistryError {
    ParsedSchema schema = parse(subject, request, normalize);
    Optional<Integer> known = exists(subject) ? idOf(subject, schema) : Optional.empty();
    if (known.isPresent()) {
      return known.get();
    }
    List<String> conflicts = compatibility.conflicts(subject, schema);
    if (!conflicts.isEmpty()) {
      throw RegistryError.incompatible(subject, conflicts);
    }
    return client.register(subject, schema);
  }

  /**
   * @throws RegistryError 40403
   */
  SchemaString schema(int id) throws IOException, RegistryError {
    try {
      ParsedSchema schema = client.getSchemaById(id);
      return new SchemaString(new Schema("", 0, id, schema));
    } catch (RestClientException e) {
      throw RegistryError.schemaNotFound(id);
    }
  }

  /**
   * @throws RegistryError 40403
   */
  Collection<SubjectVersion> usesOf(int id) throws IOException, RegistryError {
    schema(id);
    return client.getAllVersionsById(id);
  }

  /**
   * @throws RegistryError 42201
   */
  ParsedSchema parse(String subject, RegisterSchemaRequest request, boolean normalize)
      throws RegistryError {
    ParsedSchema schema =
        Optional.ofNullable(request.getSchema())
            .flatMap(text -> client.parseSchema(new Schema(subject, request)))
            .orElseThrow(() -> RegistryError.invalidSchema(String.valueOf(request.getSchema())));
    return normalize ? schema.normalize() : schema;
  }

  boolean exists(String subject) throws IOException {
    try {
      return !client.getAllVersions(subject).isEmpty();
    } catch (RestClientException e) {
      return false;
    }
  }

  private Optional<Integer> idOf(String subject, ParsedSchema schema) throws IOException {
    try {
      return Optional.of(client.getId(subject, schema));
    } catch (RestClientException e) {
      return Optional.empty();
    }
  }
}
