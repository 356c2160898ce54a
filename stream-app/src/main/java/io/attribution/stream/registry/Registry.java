package io.attribution.stream.registry;

import io.attribution.stream.logging.SparseLog;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Schema Registry through Confluent's client. Transient faults are retried until the timeout;
 * what remains is a {@link RegistryException}. Safe for use by several threads.
 */
public final class Registry {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
  private static final int SCHEMA_NOT_FOUND = 40403;

  private final SchemaRegistryClient client;
  private final String name;
  private final Retry retry;
  private final SparseLog retries = SparseLog.onceAMinute(LOG::warn);

  /**
   * @param timeout of one call with its retries; zero for one attempt
   */
  public Registry(SchemaRegistryClient client, Duration timeout) {
    this("schema registry", client, timeout);
  }

  /**
   * @param address where it is, for messages
   * @param timeout of one call with its retries; zero for one attempt
   */
  public Registry(SchemaRegistryClient client, String address, Duration timeout) {
    this("schema registry at " + address, client, timeout);
  }

  private Registry(String name, SchemaRegistryClient client, Duration timeout) {
    this.client = client;
    this.name = name;
    this.retry = new Retry(timeout);
  }

  /** The result of a lookup by schema id. */
  public sealed interface Lookup {
    /** An Avro schema. */
    record Found(Schema schema) implements Lookup {}

    /** The registry has no such id. */
    record Missing() implements Lookup {}

    /** The id is that of a Protobuf or JSON schema, or of one that Avro cannot parse. */
    record NotAvro(String detail) implements Lookup {}
  }

  /**
   * The schema with an id.
   *
   * @throws RegistryException when the registry cannot be reached, or refuses
   */
  public Lookup schema(int id) {
    return call("schema id " + id, () -> lookup(id));
  }

  /**
   * Asks the registry itself, once: for a connection of its own, because the client forgets what it
   * has cached.
   *
   * @param id of a schema that should be there
   * @throws RegistryException when it does not answer, or not as a registry does
   */
  public void probe(int id) {
    client.reset();
    try {
      lookup(id);
    } catch (IOException | RestClientException e) {
      throw new RegistryException(RegistryFault.reason(e), e, RegistryFault.isTransient(e));
    }
  }

  private Lookup lookup(int id) throws IOException, RestClientException {
    try {
      ParsedSchema schema = client.getSchemaById(id);
      return schema instanceof AvroSchema avro
          ? new Lookup.Found(avro.rawSchema())
          : notAvro(id, schema.schemaType());
    } catch (RestClientException e) {
      if (e.getErrorCode() == SCHEMA_NOT_FOUND) {
        return new Lookup.Missing();
      }
      throw e;
    } catch (IOException e) {
      // How the client reports a schema type that it cannot parse: a result, not an outage.
      if (String.valueOf(e.getMessage()).startsWith("Invalid schema")) {
        return notAvro(id, "unreadable");
      }
      throw e;
    }
  }

  private static Lookup notAvro(int id, String type) {
    return new Lookup.NotAvro("schema id " + id + " is no Avro schema (" + type + ")");
  }

  /**
   * The id that a subject's records are written with.
   *
   * @throws RegistryException when the registry cannot be reached, or refuses the schema
   */
  public int schemaId(String subject, Schema schema, Registration how) {
    AvroSchema avro = new AvroSchema(schema);
    return call(
        "subject " + subject,
        () ->
            how.register()
                ? client
                    .registerWithResponse(subject, avro, how.normalize(), how.propagateTags())
                    .getId()
                : client.getId(subject, avro, how.normalize()));
  }

  private <T> T call(String what, Retry.Call<T> call) {
    try {
      return retry.run(
          call,
          RegistryFault::isTransient,
          e -> retries.say(name + ": " + what + ": " + RegistryFault.reason(e) + "; trying again"));
    } catch (IOException | RestClientException e) {
      throw new RegistryException(
          name + ": " + what + ": " + RegistryFault.reason(e), e, RegistryFault.isTransient(e));
    }
  }
}
