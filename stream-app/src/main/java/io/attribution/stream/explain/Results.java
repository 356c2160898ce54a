package io.attribution.stream.explain;

import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.csv.FeatureCsv;
import java.io.IOException;
import java.util.Optional;

/** The result files of one run: all of them, complete, or none. */
public final class Results implements AutoCloseable {
  private final OutputFile explanations;
  private final Optional<OutputFile> verification;

  /**
   * @param explanations one JSON object per row; closed with this
   * @param verification one JSON object for all rows; closed with this
   */
  public Results(OutputFile explanations, Optional<OutputFile> verification) {
    this.explanations = explanations;
    this.verification = verification;
  }

  /**
   * Explains all rows, and publishes the results when the last one is written.
   *
   * @throws io.attribution.stream.csv.InputException when a row cannot be read or explained
   * @throws OutputException when a result cannot be written
   */
  public void write(CsvExplanation explanation, FeatureCsv rows, ExplanationFormat format) {
    VerificationSummary summary = explain(explanation, rows, format);
    verification.ifPresent(file -> report(file, summary));
    explanations.finish();
    verification.ifPresent(OutputFile::finish);
    explanations.publish();
    verification.ifPresent(OutputFile::publish);
  }

  private VerificationSummary explain(
      CsvExplanation explanation, FeatureCsv rows, ExplanationFormat format) {
    try (ExplanationWriter writer = new ExplanationWriter(explanations.stream(), format)) {
      return explanation.explain(rows, writer);
    } catch (IOException e) {
      throw explanations.failed(e);
    }
  }

  private static void report(OutputFile file, VerificationSummary summary) {
    try {
      VerificationReport.write(file.stream(), summary);
    } catch (IOException e) {
      throw file.failed(e);
    }
  }

  @Override
  public void close() {
    explanations.close();
    verification.ifPresent(OutputFile::close);
  }
}
