package io.attribution.stream.models;

import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.serde.Decoded;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.FeatureRow;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Decides, before a record joins a batch, whether and by which model it can be explained. */
public final class RecordCheck {
  /** The most characters of a model's name in a message. */
  private static final int LONGEST_NAME = 100;

  private final FeatureDecoder decoder;
  private final Explainers explainers;

  public RecordCheck(FeatureDecoder decoder, Explainers explainers) {
    this.decoder = decoder;
    this.explainers = explainers;
  }

  /** The verdict on a record. */
  public sealed interface Verdict {
    /** The record joins a batch of this model. */
    record Ready(Explainer explainer, FeatureRow row) implements Verdict {}

    /** The record becomes a dead letter. */
    record Refused(Rejected rejected) implements Verdict {}
  }

  /** Throws RegistryException when the registry is unreachable for the value's schema. */
  public Verdict check(byte @Nullable [] value) {
    Decoded decoded = decoder.decode(value);
    if (decoded instanceof Decoded.Unreadable unreadable) {
      return new Verdict.Refused(unreadable.rejected());
    }
    FeatureRow row = ((Decoded.Row) decoded).row();
    Optional<Explainer> explainer = explainers.find(row.model());
    if (explainer.isEmpty()) {
      String name = Texts.shortened(row.model().orElse(""), LONGEST_NAME);
      return refused(Reason.UNKNOWN_MODEL, "no bundle is named '" + name + "'");
    }
    return check(row, explainer.get());
  }

  private static Verdict check(FeatureRow row, Explainer explainer) {
    int expected = explainer.model().features();
    if (row.length() != expected) {
      return refused(
          Reason.WRONG_LENGTH,
          "the record has " + row.length() + " features, the model takes " + expected);
    }
    OptionalInt bad = row.firstNotFinite();
    if (bad.isPresent()) {
      int index = bad.getAsInt();
      return refused(Reason.NOT_FINITE, "feature " + index + " is " + row.feature(index));
    }
    return new Verdict.Ready(explainer, row);
  }

  private static Verdict refused(Reason reason, String detail) {
    return new Verdict.Refused(new Rejected(reason, detail));
  }
}
