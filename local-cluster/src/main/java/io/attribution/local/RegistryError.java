package io.attribution.local;

/**
 * A refusal in the terms of Confluent's REST API. Codes and wording: Confluent's "Schema Registry
 * API Reference".
 */
final class RegistryError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final int code;

  private RegistryError(int status, int code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static RegistryError subjectNotFound(String subject) {
    return new RegistryError(404, 40401, "Subject '%s' not found.".formatted(subject));
  }

  static RegistryError versionNotFound(int version) {
    return new RegistryError(404, 40402, "Version %d not found.".formatted(version));
  }

  static RegistryError schemaNotFound() {
    return new RegistryError(404, 40403, "Schema not found");
  }

  static RegistryError schemaNotFound(int id) {
    return new RegistryError(404, 40403, "Schema %d not found".formatted(id));
  }

  static RegistryError noSubjectCompatibility(String subject) {
    return new RegistryError(
        404,
        40408,
        "Subject '%s' does not have subject-level compatibility configured".formatted(subject));
  }

  static RegistryError incompatible(String subject, Object details) {
    return new RegistryError(
        409,
        409,
        "Schema being registered is incompatible with an earlier schema for subject \"%s\", details: %s"
            .formatted(subject, details));
  }

  static RegistryError invalidSchema(String schema) {
    return new RegistryError(422, 42201, "Invalid schema " + schema);
  }

  static RegistryError invalidVersion(String version) {
    return new RegistryError(
        422,
        42202,
        "The specified version '%s' is not a valid version id. ".formatted(version)
            + "Allowed values are between [1, 2^31-1] and the string \"latest\"");
  }

  static RegistryError invalidCompatibilityLevel() {
    return new RegistryError(
        422,
        42203,
        "Invalid compatibility level. Valid values are none, backward, forward, full, "
            + "backward_transitive, forward_transitive, and full_transitive");
  }

  /** Without a code of Confluent's own, such as for a path that does not exist. */
  static RegistryError http(int status, String message) {
    return new RegistryError(status, status, message);
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  String description() {
    return String.valueOf(getMessage());
  }
}
