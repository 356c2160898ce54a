package io.attribution.stream.registry;

/**
 * How a schema gets its id.
 *
 * @param register whether it is registered, or must be there already
 * @param normalize whether schemas that differ only in the order of what has none are the same
 * @param propagateTags whether tags of an earlier version are kept
 */
public record Registration(boolean register, boolean normalize, boolean propagateTags) {
  /** Registers the schema as it is. */
  public static final Registration DEFAULT = new Registration(true, false, false);
}
