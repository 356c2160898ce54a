package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Alert;
import io.attribution.drift.AttributionPolicy;
import io.attribution.drift.AttributionWatch;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Origin;
import io.attribution.drift.SampleRow;
import io.attribution.drift.WatchedModel;
import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.stream.csv.FeatureCsv;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The example's rows beside the sample of training rows in its bundle, as the demo has them. */
class DigitsReferenceTest {
  private static final Path DIGITS = Path.of("..", "examples", "digits");
  private static final Reduction REDUCTION = new Reduction.L2();
  private static final int WINDOW_ROWS = 200;
  private static final int MOVED = 5 * 8 + 2;

  /** That of the demo: a false alarm in 10,000,000 records. */
  private static final AttributionPolicy POLICY =
      new AttributionPolicy("l2", 400, WINDOW_ROWS, 0.9, 2e-5, Duration.ofSeconds(15));

  private static List<float[]> rows(List<String> features) {
    List<float[]> rows = new ArrayList<>();
    try (FeatureCsv csv = FeatureCsv.open(DIGITS.resolve("data.csv"), features)) {
      for (float[] row = csv.newRow(); csv.next(row); row = csv.newRow()) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** What comes of the first windows of the rows, in some orders of theirs. */
  private static List<Alert> alerts(int orders, int windows, float shift) {
    try (AdmittedModel model =
            AdmissionCheck.admit(BundleLoader.load(DIGITS.resolve("bundle")), EngineKind.AUTO);
        Attributor attributor = model.attributor(ResultSelection.reduced(REDUCTION))) {
      List<String> features = model.bundle().features();
      List<float[]> rows = rows(features);
      rows.forEach(row -> row[MOVED] += shift);
      Attributions explained = attributor.attribute(FloatMatrix.of(rows.toArray(float[][]::new)));
      List<SampleRow> sampled = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        float[] reduced = explained.reduced().orElseThrow().row(i);
        sampled.add(new SampleRow(new Origin("features", 0, i), i, rows.get(i), reduced));
      }
      WatchedModel watched = new WatchedModel(features, model.explainReference(REDUCTION));
      List<Alert> alerts = new ArrayList<>();
      for (int seed = 0; seed < orders; seed++) {
        Collections.shuffle(sampled, new Random(seed));
        alerts.addAll(alerts(watched, sampled.subList(0, windows * WINDOW_ROWS)));
      }
      return alerts;
    }
  }

  private static List<Alert> alerts(WatchedModel watched, List<SampleRow> rows) {
    AttributionWatch watch =
        new AttributionWatch(new ModelKey("digits", "1", "x"), watched, POLICY);
    List<Alert> alerts = new ArrayList<>();
    for (SampleRow row : rows) {
      watch.add(row);
      if (watch.isDue()) {
        alerts.addAll(watch.judge());
      }
    }
    return alerts;
  }

  @Test
  void rowsOfTheExampleAreNoAlarm() {
    assertThat(alerts(50, 8, 0)).isEmpty();
  }

  @Test
  void aPixelThatIsShiftedIsOneInTheFirstWindow() {
    assertThat(alerts(1, 1, 20))
        .hasSize(2)
        .allSatisfy(
            alert -> {
              assertThat(alert.alarm().features().get(0).feature()).isEqualTo("pixel_5_2");
              assertThat(alert.alarm().message()).contains("training sample");
            });
  }
}
