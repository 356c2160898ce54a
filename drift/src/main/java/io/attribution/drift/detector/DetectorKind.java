package io.attribution.drift.detector;

import java.util.Arrays;
import java.util.List;

/** The detectors by name. */
public enum DetectorKind {
  EWMA("ewma", true),
  PAGE_HINKLEY("page_hinkley", false),
  CUSUM("cusum", true),
  ADWIN("adwin", false);

  private final String label;
  private final boolean remembersNormal;

  DetectorKind(String label, boolean remembersNormal) {
    this.label = label;
    this.remembersNormal = remembersNormal;
  }

  /** The name in configuration and alerts. */
  public String label() {
    return label;
  }

  boolean remembersNormal() {
    return remembersNormal;
  }

  /**
   * @throws IllegalArgumentException for a name that is none
   */
  public static DetectorKind of(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + label
                        + "' is no detector; choose one of "
                        + String.join(", ", labels())));
  }

  /** The names of all, in their order. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(DetectorKind::label).toList();
  }

  /**
   * A detector of log10 values.
   *
   * @param wanted how often it may err and what it has to find
   * @param source what is normal; ADWIN does not look at it
   */
  public Detector create(Sensitivity wanted, BaselineSource source) {
    return switch (this) {
      case EWMA ->
          new Calibrated(this, source, normal -> new Ewma(ChartDesign.ewma(wanted, normal)));
      case PAGE_HINKLEY ->
          new Calibrated(
              this, source, normal -> new PageHinkley(ChartDesign.pageHinkley(wanted, normal)));
      case CUSUM ->
          new Calibrated(this, source, normal -> new Cusum(ChartDesign.cusum(wanted, normal)));
      case ADWIN -> new Adwin(ChartDesign.adwin(wanted));
    };
  }
}
