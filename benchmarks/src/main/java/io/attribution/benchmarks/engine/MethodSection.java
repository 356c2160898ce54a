package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.engine.MethodTurns.Entry;
import io.attribution.benchmarks.engine.MethodTurns.Result;
import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Section;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Run;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.engine.method.ContributionMethod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The methods' figures as claims and a table. */
record MethodSection(List<Result> results) {
  private static final int BATCH = 256;

  Section section(Run run) {
    return new Section("methods", run, claims(), List.of(), List.of(table()));
  }

  private List<Claim> claims() {
    return Stream.of(
            claim(
                Encoder.tabular,
                ContributionMethod.INTEGRATED_GRADIENTS,
                MethodTurns.CAPTUM,
                "integrated_gradients / captum's at no larger worst error, 50→512×3→16 with"
                    + " BatchNorm, GELU and LayerNorm",
                10),
            claim(
                Encoder.biased,
                ContributionMethod.AFFINE,
                "jacobian, layers",
                "affine / jacobian, digits with and without biases",
                0.9))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<Claim> claim(
      Encoder encoder, ContributionMethod method, String other, String figure, double limit) {
    return results.stream()
        .filter(result -> result.encoder() == encoder && result.method() == method)
        .filter(result -> result.batch() == BATCH)
        .flatMap(result -> result.speedOver(other).stream())
        .findFirst()
        .map(speed -> Claim.atLeast(figure + ", batch " + BATCH + ": rows/s", speed, limit));
  }

  private Table table() {
    return Table.of(
        "From raw features to contributions of all outputs, in turns",
        "encoder | batch | who | rows/s | own / theirs | worst error | 99 % of rows | nodes or"
            + " samples | ±",
        results.stream().flatMap(MethodSection::rows).toList());
  }

  private static Stream<List<String>> rows(Result result) {
    return result.entries().stream().map(entry -> row(result, entry));
  }

  private static List<String> row(Result result, Entry entry) {
    return List.of(
        result.encoder().name(),
        String.valueOf(result.batch()),
        entry.name(),
        Figures.of(result.batch() / entry.time().median()),
        Figures.of(result.own().time().speedOver(entry.time())),
        Figures.of(entry.completeness().worst()),
        Figures.of(entry.completeness().most()),
        entry.how(),
        Figures.of(100 * entry.time().spread()) + " %");
  }
}
