package io.attribution.stream.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.attribution.schema.AttributionSample;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.VerificationWindow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveStateTest {
  private static final ModelView MODEL =
      new ModelView(
          "m",
          "1",
          "b",
          List.of("a", "b", "c"),
          List.of("x", "y"),
          Optional.empty(),
          "l2",
          1e-4,
          true,
          1e-5);

  private final LiveState state = new LiveState(List.of(MODEL));

  @Test
  void passesOverModelsThatAreNotLoaded() {
    state.addBatch(LiveRecords.metric("m", 1, 0));
    state.addBatch(LiveRecords.metric("stranger", 2, 0));
    state.addAlert(LiveRecords.alert("stranger", "input", "open"));

    assertThat(state.models()).hasSize(1);
    assertThat(model().batches().all()).hasSize(1);
    assertThat(state.alerts().open()).isEmpty();
  }

  @Test
  void namesTheStrongestFeaturesOfASample() {
    sample("b", 3, true, 0, 3, 1, 0, 4, 0);

    Sample sample = model().samples().all().get(0);
    assertThat(sample.top()).containsExactly(1, 2, 0);
    assertThat(sample.origin()).hasToString("features-0@3");
    assertThat(sample.recordId()).contains("r3");
  }

  /** Kept, it would break every ranking until it is forgotten. */
  @Test
  void refusesASampleWhoseVectorsDoNotFitTogether() {
    AttributionSample odd =
        LiveRecords.sampleBuilder("m", "b", 3, true, 0, 3, 1, 0, 4, 0)
            .setContributions(List.of(1f))
            .build();

    assertThatThrownBy(() -> state.addSample(odd, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("contributions");
    assertThat(model().samples().all()).isEmpty();
  }

  @Test
  void ranksFeaturesByTheMeanOfTheirContributions() {
    sample("b", 1, true, 3, 0, 1, 4, 0, 0);
    sample("b", 2, true, 0, 0, -1, 0, 6, 0);

    FeatureRanking ranking = model().ranking();

    assertThat(ranking.strongest(2)).containsExactly(1, 0);
    assertThat(ranking.strength(0)).isEqualTo(2.5);
    assertThat(ranking.strength(1)).isEqualTo(3);
    assertThat(ranking.normalized(1)).isCloseTo(3 / 6.5, within(1e-12));
    assertThat(ranking.signed(0, 2)).isZero();
    assertThat(ranking.signed(1, 1)).isEqualTo(3);
    assertThat(ranking.outputs()).isEqualTo(2);
    assertThat(ranking.rows()).hasSize(2);
  }

  @Test
  void ranksByReducedContributionsWhereThereIsNoMatrix() {
    sample("b", 1, false, 3, 0, 1, 4, 0, 0);

    FeatureRanking ranking = model().ranking();

    assertThat(ranking.strongest(1)).containsExactly(0);
    assertThat(ranking.strength(0)).isEqualTo(5);
    assertThat(ranking.outputs()).isZero();
  }

  @Test
  void averagesOnlyTheNewestBundlesSamples() {
    sample("old", 1, true, 100, 100, 100, 100, 100, 100);
    sample("b", 2, true, 1, 0, 0, 0, 0, 0);

    assertThat(model().ranking().rows()).hasSize(1);
    assertThat(model().ranking().strength(0)).isEqualTo(1);
  }

  @Test
  void ranksNothingBeforeThereIsASample() {
    assertThat(model().ranking().rows()).isEmpty();
    assertThat(model().ranking().strongest(5)).isEmpty();
  }

  @Test
  void letsALaterWindowReplaceTheEarlierOneOfTheSameTime() {
    state.addWindow(LiveRecords.window("m", 10_000, 5));
    state.addWindow(LiveRecords.window("m", 0, 1));
    state.addWindow(LiveRecords.window("m", 10_000, 7));

    assertThat(model().windows(10))
        .extracting(VerificationWindow::getCount)
        .containsExactly(1L, 7L);
    assertThat(model().windows(1)).extracting(VerificationWindow::getCount).containsExactly(7L);
  }

  @Test
  void knowsWhichAlertsAreOpen() {
    state.addAlert(LiveRecords.alert("m", "input", "open"));
    state.addAlert(LiveRecords.alert("m", "linearity_error", "open"));
    state.addAlert(LiveRecords.alert("m", "input", "resolved"));

    assertThat(state.alerts().open()).isEqualTo(Map.of("linearity_error", 1));
    assertThat(state.alerts().ring().newestFirst(1))
        .extracting(DriftAlert::getState)
        .containsExactly("resolved");
  }

  private void sample(String bundle, long offset, boolean matrix, float... contributions) {
    state.addSample(LiveRecords.sample("m", bundle, offset, matrix, contributions), 1000 + offset);
  }

  private ModelState model() {
    return state.model("m").orElseThrow();
  }
}
