package io.attribution.stream.serde;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * The classes that are generated from the schemas module, for Avro's readers. Avro 1.12 loads a
 * class by a schema's name only if a system property of the JVM trusts its package. This loads the
 * classes beside one that is known at compile time, so that no property is needed. Avro looks up
 * reader schemas only: a message cannot name a class.
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

  /** Avro excludes subclasses, because its fast reader ignores some overrides; not getClass. */
  @Override
  public boolean isFastReaderEnabled() {
    return true;
  }
}
