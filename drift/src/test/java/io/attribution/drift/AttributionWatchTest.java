package io.attribution.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.FeatureMove.Sign;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttributionWatchTest {
  private static final int FEATURES = 20;
  private static final List<String> NAMES =
      IntStream.range(0, FEATURES).mapToObj(k -> "f" + k).toList();
  private static final AttributionPolicy POLICY =
      new AttributionPolicy("l2", 400, 200, 0.9, 1e-5, Duration.ofSeconds(2));
  private static final WatchedModel WATCHED = new WatchedModel(NAMES, List.of());
  private static final ModelKey MODEL = new ModelKey("m", "1", "abc");

  private final Random random = new Random(11);
  private AttributionWatch watch = new AttributionWatch(MODEL, WATCHED, POLICY);
  private long rows;

  /** Generates the values of a window. */
  private interface Data {
    float value(int feature, Random random);
  }

  /** The contribution of feature k is (k + 1) times its value. */
  private List<Alert> send(int count, Data data) throws IOException {
    List<Alert> alerts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] features = new float[FEATURES];
      float[] reduced = new float[FEATURES];
      for (int k = 0; k < FEATURES; k++) {
        features[k] = data.value(k, random);
        reduced[k] = Math.abs((k + 1) * features[k]);
      }
      SampleRow row = new SampleRow(new Origin("in", 0, rows), 10 * rows, features, reduced);
      rows++;
      watch.add(SampleRow.of(row.toBytes()));
      if (watch.isDue()) {
        alerts.addAll(watch.judge());
      }
    }
    return alerts;
  }

  private static float normal(int feature, Random random) {
    return (float) random.nextGaussian();
  }

  @Test
  void rowsOfOneDistributionAreNoAlarm() throws IOException {
    assertThat(send(400 + 100 * 200, AttributionWatchTest::normal)).isEmpty();
  }

  @Test
  void heavyTailsAreNoAlarm() throws IOException {
    assertThat(
            send(
                400 + 50 * 200,
                (k, r) -> (float) (r.nextGaussian() / Math.max(1e-3, Math.abs(r.nextGaussian())))))
        .allSatisfy(alert -> assertThat(alert.alarm().kind()).isEqualTo(Kind.INPUT));
  }

  @Test
  void namesTheFeatureThatMoved() throws IOException {
    send(1000, AttributionWatchTest::normal);

    List<Alert> alerts = send(200, (k, r) -> normal(k, r) + (k == 15 ? 2 : 0));

    assertThat(alerts)
        .extracting(alert -> alert.alarm().kind())
        .containsExactly(Kind.ATTRIBUTION, Kind.INPUT);
    assertThat(alerts)
        .allSatisfy(
            alert -> {
              assertThat(alert.alarm().features().get(0).feature()).isEqualTo("f15");
              assertThat(alert.alarm().features()).hasSize(1);
              assertThat(alert.alarm().since()).isEqualTo(10_000);
              assertThat(alert.alarm().message()).contains("f15");
            });
    assertThat(alerts.get(0).alarm().features().get(0).sign()).isEqualTo(Sign.CONTRIBUTION);
  }

  @Test
  void resolvesWhenTheDataAreAsBefore() throws IOException {
    send(1000, AttributionWatchTest::normal);
    send(200, (k, r) -> normal(k, r) + (k == 15 ? 2 : 0));

    List<Alert> alerts = send(800, AttributionWatchTest::normal);

    assertThat(alerts).hasSize(2).allMatch(alert -> !alert.open());
  }

  @Test
  void anotherRankingIsCritical() throws IOException {
    send(1000, AttributionWatchTest::normal);

    List<Alert> alerts = send(200, (k, r) -> normal(k, r) * (FEATURES - k) * (FEATURES - k));

    Alarm alarm = alerts.get(0).alarm();
    assertThat(alarm.detector()).isEqualTo("ranking_gain");
    assertThat(alarm.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(alarm.statistic()).isLessThan(0.9);
  }

  @Test
  void seesAFeatureThatNoLongerVaries() throws IOException {
    send(1000, AttributionWatchTest::normal);

    List<Alert> alerts = send(200, (k, r) -> k == 3 ? 0.25f : normal(k, r));

    assertThat(alerts)
        .flatExtracting(alert -> alert.alarm().features())
        .anyMatch(move -> move.sign() == Sign.CONSTANT && move.feature().equals("f3"));
  }

  @Test
  void aFeatureThatRarelyVariesMayBeConstantForAWhile() throws IOException {
    Data rare = (k, r) -> k == 3 ? (r.nextInt(100) == 0 ? 1f : 0f) : normal(k, r);
    assertThat(send(400 + 50 * 200, rare)).isEmpty();
  }

  /** Without the effective size nearly all windows of a correlation of 0.7 alarm. */
  @Test
  void anAutocorrelatedStreamAlarmsRarely() throws IOException {
    float[] state = new float[FEATURES];
    List<Alert> alerts =
        send(
            400 + 100 * 200,
            (k, r) -> {
              state[k] = 0.7f * state[k] + (float) r.nextGaussian();
              return state[k];
            });

    assertThat(alerts.stream().filter(Alert::open)).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void rareValuesBeyondTheReferenceAreNoAlarm() throws IOException {
    Data rare = (k, r) -> r.nextInt(100) == 0 ? 1 + r.nextInt(16) : 0f;
    assertThat(send(400 + 50 * 200, rare)).isEmpty();
  }

  @Test
  void seesValuesFarOutsideTheReference() throws IOException {
    send(1000, AttributionWatchTest::normal);

    List<Alert> alerts = send(200, (k, r) -> k == 2 && r.nextInt(5) == 0 ? 1e4f : normal(k, r));

    assertThat(alerts)
        .flatExtracting(alert -> alert.alarm().features())
        .anyMatch(move -> move.sign() == Sign.RANGE && move.feature().equals("f2"));
  }

  /** Otherwise a version in use would count as replaced, and lose its reference. */
  @Test
  void remembersWhenItsModelWasSeenWithoutTheWindowsRows() throws IOException {
    send(400 + 200, AttributionWatchTest::normal);

    AttributionWatch restored =
        AttributionWatch.of(watch.toBytes(), (m, d) -> new AttributionWatch(m, WATCHED, POLICY));

    assertThat(restored.lastSeen()).isEqualTo(10 * 599);
  }

  @Test
  void oneFeatureIsEnough() throws IOException {
    AttributionWatch narrow =
        new AttributionWatch(
            MODEL,
            new WatchedModel(List.of("only"), List.of()),
            new AttributionPolicy("l2", 100, 50, 0.9, 1e-5, Duration.ofSeconds(2)));
    List<Alert> alerts = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      float[] value = {i < 200 ? 1 : 2};
      narrow.add(new SampleRow(new Origin("in", 0, i), i, value, value));
      if (narrow.isDue()) {
        alerts.addAll(narrow.judge());
      }
    }

    assertThat(alerts)
        .extracting(alert -> alert.alarm().kind())
        .containsExactly(Kind.ATTRIBUTION, Kind.INPUT);
  }

  @Test
  void continuesAfterARestart() throws IOException {
    AttributionWatch original = watch;
    List<SampleRow> reference = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      float[] values = new float[FEATURES];
      for (int k = 0; k < FEATURES; k++) {
        values[k] = (float) random.nextGaussian();
      }
      reference.add(new SampleRow(new Origin("in", 0, i), i, values, values));
    }
    reference.forEach(original::add);
    assertThat(original.place()).isEqualTo(AttributionWatch.Place.WINDOW);

    watch =
        AttributionWatch.of(original.toBytes(), (m, d) -> new AttributionWatch(m, WATCHED, POLICY));
    watch.restore(AttributionWatch.Place.REFERENCE, reference);
    watch.restore(AttributionWatch.Place.WINDOW, reference.subList(0, 7));

    assertThat(watch.model()).isEqualTo(MODEL);
    assertThat(watch.lastSeen()).isEqualTo(399);
    assertThat(watch.place()).isEqualTo(AttributionWatch.Place.WINDOW);
    assertThat(watch.index()).isEqualTo(7);
  }
}
