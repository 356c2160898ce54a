package io.attribution.stream.ondemand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.stream.models.Explainer;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.serde.ModelIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ExplainQueueTest {
  private static final int CAPACITY = 10;

  private final SumExplainer explainer = new SumExplainer("sum", 2, 4);
  private final SumExplainer other = new SumExplainer("other", 3, 4);
  private final ExplainQueue queue =
      new ExplainQueue(
          CAPACITY, new BatchPolicy(8, 1 << 20, Duration.ofMillis(20)), System::nanoTime);

  @AfterEach
  void close() {
    explainer.open();
    other.open();
    queue.close();
  }

  @Test
  void explainsRowsInTheirOrder() throws Exception {
    explainer.open();

    List<RowOutcome> outcomes = queue.submit(explainer, rows(1, 2, 3)).get();

    assertThat(outcomes).extracting(ExplainQueueTest::sum).containsExactly(2f, 4f, 6f);
  }

  @Test
  void computesRowsOfSeveralCallersTogether() throws Exception {
    explainer.open();

    var first = queue.submit(explainer, rows(1));
    var second = queue.submit(explainer, rows(2, 3));

    assertThat(sums(first)).containsExactly(2f);
    assertThat(sums(second)).containsExactly(4f, 6f);
    assertThat(explainer.batchSizes).containsExactly(3);
  }

  /** Results are good only until the engine explains again. */
  @Test
  void keepsResultsThatTheNextBatchOverwrites() throws Exception {
    explainer.open();

    var all = queue.submit(explainer, rows(1, 2, 3, 4, 5, 6));

    assertThat(sums(all)).containsExactly(2f, 4f, 6f, 8f, 10f, 12f);
    assertThat(((Explanation) all.get().get(0)).contributions()).containsExactly(1f, 1f);
    assertThat(explainer.batchSizes).containsExactly(4, 2);
  }

  @Test
  void givesEveryCallerItsOwnRowsWhateverIsBetweenThem() throws Exception {
    explainer.open();
    other.open();
    List<CompletableFuture<List<RowOutcome>>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<float[]> row = i % 2 == 0 ? rows(i) : List.of(new float[] {i, 0, 0});
      answers.add(submitWhenThereIsRoom(i % 2 == 0 ? explainer : other, row));
    }

    for (int i = 0; i < answers.size(); i++) {
      assertThat(sums(answers.get(i))).containsExactly(i % 2 == 0 ? 2f * i : i);
    }
  }

  private CompletableFuture<List<RowOutcome>> submitWhenThereIsRoom(
      SumExplainer model, List<float[]> rows) throws InterruptedException {
    while (true) {
      try {
        return queue.submit(model, rows);
      } catch (QueueFullException e) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  void refusesRowsThatDoNotFitAndTakesThemWhenThereIsRoomAgain() throws Exception {
    var first = queue.submit(explainer, rows(1, 2, 3, 4, 5, 6, 7, 8));

    assertThatThrownBy(() -> queue.submit(explainer, rows(1, 2, 3)))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("8 of 10");
    assertThat(queue.waitingRows()).isEqualTo(8);

    explainer.open();
    first.get();
    while (queue.waitingRows() > 0) {
      Thread.sleep(1);
    }
    assertThat(sums(queue.submit(explainer, rows(1)))).containsExactly(2f);
  }

  @Test
  void saysWhichRowsTheEncoderRejects() throws Exception {
    explainer.open();

    List<RowOutcome> outcomes =
        queue.submit(explainer, List.of(row(1), row(SumExplainer.POISON), row(2))).get();

    assertThat(outcomes.get(1)).isInstanceOf(RowOutcome.Refused.class);
    assertThat(sum(outcomes.get(2))).isEqualTo(4f);
  }

  @Test
  void goesOnAfterTheEngineFailed() throws Exception {
    explainer.open();

    var broken = queue.submit(explainer, rows(SumExplainer.BREAK));

    assertThatThrownBy(broken::get).hasRootCauseMessage("the engine is broken on purpose");
    assertThat(sums(queue.submit(explainer, rows(1)))).containsExactly(2f);
    assertThat(queue.waitingRows()).isZero();
  }

  /** Whatever goes wrong with a batch: somebody waits, and others will come. */
  @Test
  void goesOnAfterABatchThatThereIsNoMemoryFor() throws Exception {
    explainer.open();

    var broken = queue.submit(new TooWideExplainer(), rows(1, 2, 3, 4));

    assertThatThrownBy(() -> broken.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThat(queue.submit(explainer, rows(1)).get(10, TimeUnit.SECONDS)).hasSize(1);
    assertThat(queue.waitingRows()).isZero();
  }

  @Test
  void answersWhoAsksAnExplainerThatGivesTooFewOutcomes() throws Exception {
    explainer.open();

    var broken = queue.submit(explainer, rows(SumExplainer.FORGET, 2));

    assertThatThrownBy(() -> broken.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThat(queue.submit(explainer, rows(1)).get(10, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void isIdleOnlyWhenTheLastBatchIsComputed() throws Exception {
    var computing = queue.submit(explainer, rows(1));
    while (explainer.batchSizes.isEmpty()) {
      Thread.sleep(1);
    }
    Thread closing = new Thread(queue::close);
    closing.start();
    assertThat(queue.isIdle()).isFalse();

    explainer.open();
    closing.join();

    assertThat(computing.get()).hasSize(1);
    assertThat(queue.isIdle()).isTrue();
  }

  @Test
  void tellsThoseWhoWaitThatItIsClosed() throws Exception {
    var computing = queue.submit(explainer, rows(1, 2, 3, 4));
    while (explainer.batchSizes.isEmpty()) {
      Thread.sleep(1);
    }
    var waiting = queue.submit(explainer, rows(5));
    explainer.gate.release();

    queue.close();

    assertThat(computing.get(10, TimeUnit.SECONDS)).hasSize(4);
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(StoppedException.class);
    assertThatThrownBy(() -> queue.submit(explainer, rows(6))).isInstanceOf(StoppedException.class);
  }

  /** Four of its rows are more than a matrix can hold. */
  private static final class TooWideExplainer implements Explainer {
    @Override
    public ModelIdentity model() {
      return new ModelIdentity(
          "wide", "1", "fingerprint", 1e-4, "fake", ContributionMethod.JACOBIAN, 1, 1 << 29);
    }

    @Override
    public BatchPolicy policy() {
      return new BatchPolicy(4, 1 << 20, Duration.ofMillis(10));
    }

    @Override
    public List<Outcome> explain(FloatMatrix features) {
      return List.of();
    }
  }

  private static List<Float> sums(CompletableFuture<List<RowOutcome>> answer) throws Exception {
    return answer.get().stream().map(ExplainQueueTest::sum).toList();
  }

  private static float sum(RowOutcome outcome) {
    return ((Explanation) outcome).embedding()[0];
  }

  private static List<float[]> rows(float... values) {
    List<float[]> rows = new ArrayList<>();
    for (float value : values) {
      rows.add(row(value));
    }
    return rows;
  }

  private static float[] row(float value) {
    return new float[] {value, value};
  }
}
