package io.attribution.stream.serde;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;

/** The schemas of the topics as they are registered: documentation included, no Java properties. */
public final class Schemas {
  private static final Schema.Parser PARSER = new Schema.Parser();

  /** Far more than a message can hold; damaged bytes may claim two billion. */
  private static final String MAX_ITEMS = String.valueOf(1 << 24);

  static {
    limitCollections();
    List.of("SourcePosition", "Certificate", "FeatureShift").forEach(Schemas::parse);
  }

  public static final Schema FEATURE_RECORD = parse("FeatureRecord");
  public static final Schema PROJECTED_CONTRIBUTION = parse("ProjectedContribution");
  public static final Schema REDUCED_CONTRIBUTION = parse("ReducedContribution");
  public static final Schema VERIFICATION_METRIC = parse("VerificationMetric");
  public static final Schema ATTRIBUTION_SAMPLE = parse("AttributionSample");
  public static final Schema VERIFICATION_WINDOW = parse("VerificationWindow");
  public static final Schema DRIFT_ALERT = parse("DriftAlert");

  private Schemas() {}

  /**
   * Limits the items that an array may claim to have. Avro reads the property when it first
   * decodes; who decodes without one of these schemas calls this first.
   */
  static void limitCollections() {
    String limit = "org.apache.avro.limits.collectionItems.maxLength";
    System.setProperty(limit, System.getProperty(limit, MAX_ITEMS));
  }

  private static Schema parse(String name) {
    try (InputStream resource = Schemas.class.getResourceAsStream("/avro/" + name + ".avsc")) {
      if (resource == null) {
        throw new IllegalStateException("the schemas jar lacks avro/" + name + ".avsc");
      }
      return PARSER.parse(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
