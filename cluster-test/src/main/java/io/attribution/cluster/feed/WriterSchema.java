package io.attribution.cluster.feed;

import io.attribution.stream.serde.Schemas;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * A schema that records are written with.
 *
 * @param id in the registry
 */
public record WriterSchema(int id, Schema schema) {

  /**
   * A compatible schema that no instance has read before: each has to ask the registry for it.
   *
   * @param generation distinguishes them; 0 is the project's own schema
   */
  static Schema generation(int generation) {
    Schema own = Schemas.FEATURE_RECORD;
    if (generation == 0) {
      return own;
    }
    List<Schema.Field> fields = new ArrayList<>();
    own.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    Schema number = Schema.create(Schema.Type.INT);
    fields.add(new Schema.Field("generation" + generation, number, "Unused.", generation));
    return Schema.createRecord(own.getName(), own.getDoc(), own.getNamespace(), false, fields);
  }
}
