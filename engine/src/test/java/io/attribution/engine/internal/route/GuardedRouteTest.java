package io.attribution.engine.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.attribution.Route;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardedRouteTest {
  private static final int INTERVAL = 3;
  private static final ResultSelection NOTHING_MORE = new ResultSelection(false, Optional.empty());

  /** f(x) = |x|, with a kink at 0, a fault and an overflow that can be switched on. */
  private static class Encoder implements Route {
    private float slopeBelowZero = -1;
    private float fault;
    private float limit = Float.POSITIVE_INFINITY;
    private float lost;
    private int batches;

    /** What comes out beyond a limit. */
    void overflow(float beyond, float result) {
      limit = beyond;
      lost = result;
    }

    @Override
    public void attribute(FloatMatrix features, Attributions results) {
      batches++;
      for (int row = 0; row < features.rows(); row++) {
        float x = features.get(row, 0);
        float y = x > 0 ? x : slopeBelowZero * x;
        results.embedding().setRow(row, new float[] {Math.abs(x) > limit ? lost : y + fault});
      }
    }

    @Override
    public void close() {}
  }

  private final Encoder fast = new Encoder();
  private final Encoder slow = new Encoder();
  private final GuardedRoute route = new GuardedRoute(fast, slow, comparison(fast, slow), INTERVAL);

  private static RowComparison comparison(Route fast, Route slow) {
    return new RowComparison(fast, slow, Preprocessing.NONE, GuardedRouteTest::allocate);
  }

  private static Attributions allocate(int rows) {
    return Attributions.allocate(rows, 1, 1, NOTHING_MORE);
  }

  private float explain(float... x) {
    FloatMatrix rows = FloatMatrix.allocateDirect(x.length, 1);
    for (int i = 0; i < x.length; i++) {
      rows.setRow(i, new float[] {x[i]});
    }
    Attributions results = allocate(x.length);
    route.attribute(rows, results);
    return results.embedding().get(0, 0);
  }

  @Test
  void takesTheFastRouteWhileBothAgree() {
    for (int batch = 0; batch < 2 * INTERVAL; batch++) {
      assertThat(explain(1, -2)).isEqualTo(1);
    }

    assertThat(route.fellBack()).isFalse();
    assertThat(fast.batches).isEqualTo(2 * INTERVAL);
    assertThat(slow.batches).as("two rows in each of two checks").isEqualTo(4);
  }

  @Test
  void fallsBackForGoodWithTheBatchThatShowsTheFault() {
    fast.fault = 0.5f;

    assertThat(explain(1)).isEqualTo(1);
    fast.fault = 0;
    assertThat(explain(2)).isEqualTo(2);

    assertThat(route.fellBack()).isTrue();
    assertThat(fast.batches).as("the first batch and its neighbours").isEqualTo(4);
  }

  @Test
  void looksAgainEveryIntervalOnly() {
    explain(1);
    fast.fault = 0.5f;
    explain(1);
    explain(1);
    assertThat(route.fellBack()).isFalse();

    explain(1);

    assertThat(route.fellBack()).isTrue();
  }

  @Test
  void findsAFaultInAnyQuarterOfTheBatch() {
    fast.slopeBelowZero = -1.5f;

    explain(1, 1, 1, 1, -1, 1, 1, 1);

    assertThat(route.fellBack()).isTrue();
  }

  @Test
  void isNotAlarmedByARowWhoseNeighboursAgree() {
    Encoder kinked =
        new Encoder() {
          @Override
          public void attribute(FloatMatrix features, Attributions results) {
            super.attribute(features, results);
            if (features.get(0, 0) == 1) {
              results.embedding().setRow(0, new float[] {7});
            }
          }
        };
    RowComparison comparison = comparison(kinked, slow);
    FloatMatrix row = FloatMatrix.of(new float[] {1});
    Attributions results = allocate(1);
    kinked.attribute(row, results);

    assertThat(comparison.disagreement(row, results)).isEmpty();
  }

  /** Which step overflows is a matter of order: one wild record must not switch the engine. */
  @ParameterizedTest
  @CsvSource({"1e20, 3e38", "3e38, 1e20", "1e20, 1e20"})
  void judgesNoRouteByARowThatOverflows(float fastLimit, float slowLimit) {
    for (float lost : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 0}) {
      fast.overflow(fastLimit, lost);
      slow.overflow(slowLimit, lost);

      for (int batch = 0; batch < 2 * INTERVAL; batch++) {
        explain(1e22f, -1e22f);
      }

      assertThat(route.fellBack()).as("lost as %s", lost).isFalse();
    }
  }

  @Test
  void findsAFaultThoughTheRowOverflows() {
    fast.overflow(1e20f, Float.NaN);
    fast.slopeBelowZero = -1.5f;

    explain(-1e22f);

    assertThat(route.fellBack()).isTrue();
  }

  /** Of two rows that overflow, what is finite in both is still compared. */
  @Test
  void comparesWhatIsFiniteWhereBothOverflow() {
    Route half = fixed(Float.POSITIVE_INFINITY, 3);

    assertThat(disagreement(half, fixed(Float.NaN, 3))).isEmpty();
    assertThat(disagreement(half, fixed(Float.NaN, 4))).isPresent();
    assertThat(disagreement(half, fixed(2, 3))).isPresent();
  }

  private static Optional<String> disagreement(Route fast, Route slow) {
    FloatMatrix row = FloatMatrix.of(new float[] {1});
    Attributions results = Attributions.allocate(1, 2, 1, NOTHING_MORE);
    fast.attribute(row, results);
    return new RowComparison(
            fast, slow, Preprocessing.NONE, rows -> Attributions.allocate(rows, 2, 1, NOTHING_MORE))
        .disagreement(row, results);
  }

  private static Route fixed(float... outputs) {
    return new Route() {
      @Override
      public void attribute(FloatMatrix features, Attributions results) {
        results.embedding().setRow(0, outputs);
      }

      @Override
      public void close() {}
    };
  }
}
