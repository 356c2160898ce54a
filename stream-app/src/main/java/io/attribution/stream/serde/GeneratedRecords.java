package io.attribution.stream.serde;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * Avro's access to the classes that are generated from the schemas module. Avro 1.12 creates only
 * classes of packages that a system property of the JVM lists. Here a record's class is the one of
 * its name beside a class that is known at compile time, so that no property is needed. Only reader
 * schemas are looked up, never a name that a message brings.
 */
final class GeneratedRecords extends SpecificData {
  private final Map<String, Class<?>> classes = new ConcurrentHashMap<>();
  private final Class<?> known;

  /**
   * @param known a generated class; others are found by its class loader
   */
  GeneratedRecords(Class<?> known) {
    super(known.getClassLoader());
    this.known = known;
  }

  @Override
  public Class<?> getClass(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        ? classes.computeIfAbsent(schema.getFullName(), this::load)
        : super.getClass(schema);
  }

  private Class<?> load(String name) {
    try {
      return Class.forName(name, true, known.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("no class is generated for the schema " + name, e);
    }
  }

  /** Avro's fast reader takes no subclasses in general; it ignores nothing that this overrides. */
  @Override
  public boolean isFastReaderEnabled() {
    return true;
  }
}
