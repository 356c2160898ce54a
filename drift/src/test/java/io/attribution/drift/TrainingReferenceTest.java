package io.attribution.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.AttributionWatch.Place;
import io.attribution.engine.attribution.ExplainedRow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Windows compared with the bundle's training sample. */
class TrainingReferenceTest {
  private static final int FEATURES = 20;
  private static final int REFERENCE_ROWS = 400;
  private static final int WINDOW_ROWS = 200;
  private static final List<String> NAMES =
      IntStream.range(0, FEATURES).mapToObj(k -> "f" + k).toList();
  private static final ModelKey MODEL = new ModelKey("m", "1", "abc");
  private static final WatchedModel UNKNOWN = new WatchedModel(NAMES, List.of());

  private final Random random = new Random(5);
  private final WatchedModel known =
      new WatchedModel(NAMES, reference(TrainingReferenceTest::normal));
  private long rows;

  private interface Data {
    float value(int feature, Random random);
  }

  private static float normal(int feature, Random random) {
    return (float) random.nextGaussian();
  }

  private static float shifted(int feature, Random random) {
    return normal(feature, random) + (feature == 15 ? 2 : 0);
  }

  private static AttributionPolicy policy(double falseAlarmRate) {
    return new AttributionPolicy(
        "l2", REFERENCE_ROWS, WINDOW_ROWS, 0.9, falseAlarmRate, Duration.ofSeconds(2));
  }

  private static AttributionWatch watch(WatchedModel watched) {
    return new AttributionWatch(MODEL, watched, policy(1e-5));
  }

  private float[] features(Data data) {
    float[] features = new float[FEATURES];
    for (int k = 0; k < FEATURES; k++) {
      features[k] = data.value(k, random);
    }
    return features;
  }

  /** The contribution of feature k is (k + 1) times its value. */
  private static float[] reduced(float[] features) {
    float[] reduced = new float[FEATURES];
    for (int k = 0; k < FEATURES; k++) {
      reduced[k] = Math.abs((k + 1) * features[k]);
    }
    return reduced;
  }

  private List<ExplainedRow> reference(Data data) {
    List<ExplainedRow> reference = new ArrayList<>();
    for (int i = 0; i < REFERENCE_ROWS; i++) {
      float[] features = features(data);
      reference.add(new ExplainedRow(features, reduced(features)));
    }
    return reference;
  }

  private SampleRow row(Data data) {
    float[] features = features(data);
    return new SampleRow(new Origin("in", 0, rows), 10 * rows++, features, reduced(features));
  }

  private List<Alert> send(AttributionWatch watch, int count, Data data) {
    List<Alert> alerts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      watch.add(row(data));
      if (watch.isDue()) {
        alerts.addAll(watch.judge());
      }
    }
    return alerts;
  }

  @Test
  void aStreamThatIsShiftedFromItsFirstRecordIsNoticedInTheFirstWindow() {
    List<Alert> alerts = send(watch(known), WINDOW_ROWS, TrainingReferenceTest::shifted);

    assertThat(alerts)
        .extracting(alert -> alert.alarm().kind())
        .containsExactly(Kind.ATTRIBUTION, Kind.INPUT);
    assertThat(alerts)
        .allSatisfy(
            alert -> {
              assertThat(alert.alarm().features()).extracting(FeatureMove::feature).contains("f15");
              assertThat(alert.alarm().since()).isZero();
              assertThat(alert.alarm().message()).contains("training");
            });
  }

  @Test
  void withoutAReferenceItIsNot() {
    List<Alert> alerts =
        send(watch(UNKNOWN), REFERENCE_ROWS + 20 * WINDOW_ROWS, TrainingReferenceTest::shifted);

    assertThat(alerts).isEmpty();
  }

  @Test
  void rowsOfTheSameDistributionAreNoAlarm() {
    assertThat(send(watch(known), 100 * WINDOW_ROWS, TrainingReferenceTest::normal)).isEmpty();
  }

  /** 40 references of 25 windows each; 1 % is configured. */
  @Test
  void falseAlarmsAreAsRareAsConfigured() {
    assertThat(share(TrainingReferenceTest::normal, TrainingReferenceTest::normal))
        .isLessThanOrEqualTo(0.01);
  }

  /** Without the effective size nearly every window would alarm. */
  @Test
  void anAutocorrelatedStreamAlarmsRarelyBesideIndependentRows() {
    float[] state = new float[FEATURES];
    Data correlated =
        (k, r) -> {
          state[k] = 0.9f * state[k] + (float) (Math.sqrt(1 - 0.9 * 0.9) * r.nextGaussian());
          return state[k];
        };

    assertThat(share(TrainingReferenceTest::normal, correlated)).isLessThan(0.03);
  }

  /** Up for 100 rows, down for 1,900: one row in twenty, and all down in most windows. */
  @Test
  void anAutocorrelatedRareFlagMayBeDownForWholeWindows() {
    boolean[] up = {false};
    Data trained = (k, r) -> k == 0 ? (r.nextInt(20) == 0 ? 1 : 0) : normal(k, r);
    Data correlated =
        (k, r) -> {
          if (k > 0) {
            return normal(k, r);
          }
          up[0] = (r.nextInt(up[0] ? 100 : 1900) == 0) != up[0];
          return up[0] ? 1 : 0;
        };

    assertThat(share(trained, correlated)).isLessThan(0.03);
  }

  @Test
  void aFeatureThatNoLongerVariesIsNoticed() {
    List<Alert> alerts = send(watch(known), WINDOW_ROWS, (k, r) -> k == 3 ? 0.25f : normal(k, r));

    assertThat(alerts)
        .flatExtracting(alert -> alert.alarm().features())
        .anyMatch(move -> move.sign() == FeatureMove.Sign.CONSTANT && move.feature().equals("f3"));
  }

  /** The share of windows that alarm where nothing moved. */
  private double share(Data training, Data stream) {
    int references = 40;
    int windows = 25;
    int alarms = 0;
    AttributionJudge judge = new AttributionJudge(MODEL, NAMES, policy(0.01));
    for (int i = 0; i < references; i++) {
      Reference reference = Reference.ofTraining(reference(training));
      for (int w = 0; w < windows; w++) {
        RowWindow<SampleRow> window = new RowWindow<>();
        IntStream.range(0, WINDOW_ROWS).forEach(n -> window.add(row(stream)));
        AttributionJudge.Verdict verdict = judge.judge(reference, window);
        alarms += verdict.attribution().isPresent() || verdict.input().isPresent() ? 1 : 0;
      }
    }
    return (double) alarms / (references * windows);
  }

  @Test
  void aWindowThatWasBegunContinuesAfterARestart() throws IOException {
    AttributionWatch watch = watch(known);
    List<SampleRow> begun = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      begun.add(row(TrainingReferenceTest::shifted));
      watch.add(begun.get(i));
    }

    AttributionWatch restored = AttributionWatch.of(watch.toBytes(), (m, d) -> watch(known));
    restored.restore(Place.WINDOW, begun);

    assertThat(restored.restores(Place.REFERENCE)).isFalse();
    assertThat(restored.place()).isEqualTo(Place.WINDOW);
    assertThat(restored.index()).isEqualTo(7);
    assertThat(send(restored, WINDOW_ROWS - 7, TrainingReferenceTest::shifted)).hasSize(2);
  }

  /** Meanwhile the stream, which may have drifted, must not become its own reference. */
  @Test
  void whereTheBundleIsNotLoadedNothingIsJudgedAndNothingBecomesTheReference() throws IOException {
    AttributionWatch begun = watch(known);
    AttributionWatch elsewhere = AttributionWatch.of(begun.toBytes(), (m, d) -> watch(UNKNOWN));

    assertThat(elsewhere.isWaiting()).isTrue();
    assertThat(elsewhere.restores(Place.REFERENCE)).isFalse();
    assertThat(send(elsewhere, 10 * WINDOW_ROWS, TrainingReferenceTest::shifted)).isEmpty();
    assertThat(elsewhere.index()).isZero();
    assertThat(elsewhere.lastSeen()).isPositive();

    AttributionWatch back = AttributionWatch.of(elsewhere.toBytes(), (m, d) -> watch(known));
    assertThat(back.isWaiting()).isFalse();
    assertThat(send(back, WINDOW_ROWS, TrainingReferenceTest::shifted)).hasSize(2);
  }

  @Test
  void theBundlesReferenceTakesThePlaceOfTheStreams() throws IOException {
    AttributionWatch begun = watch(UNKNOWN);
    send(begun, REFERENCE_ROWS, TrainingReferenceTest::shifted);

    AttributionWatch restored = AttributionWatch.of(begun.toBytes(), (m, d) -> watch(known));

    assertThat(restored.restores(Place.REFERENCE)).isFalse();
    assertThat(restored.restores(Place.WINDOW)).isTrue();
    assertThat(send(restored, WINDOW_ROWS, TrainingReferenceTest::shifted)).hasSize(2);
  }

  @Test
  void rowsOfAnotherReductionAreNotRestored() throws IOException {
    AttributionWatch begun = watch(UNKNOWN);
    AttributionPolicy other = new AttributionPolicy("signed 1", 60, 50, 0.9, 1e-5, Duration.ZERO);

    AttributionWatch restored =
        AttributionWatch.of(begun.toBytes(), (m, d) -> new AttributionWatch(m, UNKNOWN, other));

    assertThat(restored.restores(Place.REFERENCE)).isFalse();
    assertThat(restored.restores(Place.WINDOW)).isFalse();
  }
}
