package io.attribution.stream.serde;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;

/**
 * The schema that records of another writer are read with: FeatureRecord under the writer's own
 * name, nullable where the writer's is, and with doubles where the writer has them. What tools make
 * of a table's columns is read so; a value that is null after all is refused when it comes.
 */
final class ReaderSchema {
  private static final Schema FEATURE_RECORD = Schemas.FEATURE_RECORD;
  private static final Schema NULL = Schema.create(Schema.Type.NULL);
  private static final int MAX_NAMES = 8;

  private ReaderSchema() {}

  /** The schema to read with; empty when the writer's is no record. */
  static Optional<Schema> of(Schema writer) {
    return record(writer)
        .map(
            record -> {
              Schema reader =
                  Schema.createRecord(record.getName(), null, record.getNamespace(), false);
              reader.setFields(
                  FEATURE_RECORD.getFields().stream()
                      .map(field -> new Schema.Field(field, type(field, record)))
                      .toList());
              return nullableLike(writer, reader);
            });
  }

  private static Optional<Schema> record(Schema writer) {
    return branches(writer).filter(it -> it.getType() == Schema.Type.RECORD).findFirst();
  }

  private static Schema type(Schema.Field field, Schema writer) {
    Schema.Field written = writer.getField(field.name());
    if (!field.name().equals("features") || written == null) {
      return field.schema();
    }
    Optional<Schema> items =
        branches(written.schema())
            .filter(it -> it.getType() == Schema.Type.ARRAY)
            .map(Schema::getElementType)
            .findFirst();
    return nullableLike(written.schema(), items.map(ReaderSchema::features).orElse(field.schema()));
  }

  private static Schema features(Schema writtenItems) {
    boolean wide = branches(writtenItems).anyMatch(it -> it.getType() == Schema.Type.DOUBLE);
    Schema item = Schema.create(wide ? Schema.Type.DOUBLE : Schema.Type.FLOAT);
    return Schema.createArray(nullableLike(writtenItems, item));
  }

  private static Schema nullableLike(Schema writer, Schema reader) {
    return writer.isNullable() ? Schema.createUnion(NULL, reader) : reader;
  }

  private static Stream<Schema> branches(Schema schema) {
    return schema.isUnion() ? schema.getTypes().stream() : Stream.of(schema);
  }

  /** Why a writer's records cannot be read with a schema, field by field; empty when they can. */
  static Optional<String> incompatibility(Schema reader, Schema writer) {
    List<Incompatibility> all =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
            .getResult()
            .getIncompatibilities();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(
            all.stream()
                .map(it -> describe(it, writer))
                .distinct()
                .collect(Collectors.joining("; ")));
  }

  private static String describe(Incompatibility fault, Schema writer) {
    if (fault.getType() == SchemaIncompatibilityType.READER_FIELD_MISSING_DEFAULT_VALUE) {
      return "it has no field '" + fault.getMessage() + "'" + fields(fault.getMessage(), writer);
    }
    List<String> path = List.of(fault.getLocation().split("/"));
    int fields = path.indexOf("fields");
    if (fields < 0 || fields + 1 >= path.size()) {
      return fault.getMessage();
    }
    String field = FEATURE_RECORD.getFields().get(Integer.parseInt(path.get(fields + 1))).name();
    boolean items = path.contains("items");
    return "%s: %s %s, %s wanted"
        .formatted(
            field,
            items ? "items are" : "it is",
            name(fault.getWriterFragment()),
            items ? "float" : name(FEATURE_RECORD.getField(field).schema()));
  }

  /** The nearest first: some tools write all names in capitals. */
  private static String fields(String wanted, Schema writer) {
    List<String> names =
        new ArrayList<>(
            record(writer).stream()
                .flatMap(record -> record.getFields().stream())
                .map(Schema.Field::name)
                .toList());
    names.sort(Comparator.comparing(name -> !name.equalsIgnoreCase(wanted)));
    String shown = names.stream().limit(MAX_NAMES).collect(Collectors.joining("', '", "'", "'"));
    return " (it has " + shown + (names.size() > MAX_NAMES ? ", …)" : ")");
  }

  private static String name(Schema schema) {
    return branches(schema)
        .filter(it -> it.getType() != Schema.Type.NULL)
        .map(
            it ->
                it.getType() == Schema.Type.ARRAY
                    ? "array of " + name(it.getElementType())
                    : it.getLogicalType() == null
                        ? it.getType().getName()
                        : it.getType().getName() + " (" + it.getLogicalType().getName() + ")")
        .collect(Collectors.joining(" or "));
  }
}
