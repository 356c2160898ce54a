package io.attribution.stream.cli;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.Precision;
import io.attribution.stream.csv.FeatureCsv;
import io.attribution.stream.explain.CsvExplanation;
import io.attribution.stream.explain.ExplanationFormat;
import io.attribution.stream.explain.OutputFile;
import io.attribution.stream.explain.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Explains the rows of a CSV file: the same code as the stream, without Kafka. */
@Command(
    name = "explain",
    description = {
      "Explains the rows of a CSV file: the same code as the stream, without Kafka.",
      "",
      "Writes one JSON object per row, in order:",
      "  {\"id\":\"0\",\"embedding\":[O],\"contributions\":[[D]xO],\"reduced\":[D],",
      "   \"relativeError\":x,\"exact\":true}",
      "id is the row's number from 0. contributions has a row for each output and a column for"
          + " each feature of the bundle, in the bundle's order; for an exact model each row adds"
          + " up to that output. relativeError compares f(e) with J(e)*e for the row, and exact"
          + " says whether it is within the bundle's tolerance.",
      "Methods other than jacobian add \"method\", \"base\":[O] and, where a path was integrated,",
      "  \"nodes\": base plus each row's sum is the embedding, within relativeError of their"
          + " difference."
    },
    footer = {
      "  attribution explain --bundle examples/wdbc/bundle --input rows.csv \\",
      "      --output rows.jsonl --verification-output verification.json",
      "  attribution explain --bundle examples/wdbc/bundle --input - --output - \\",
      "      --reduction signed --target 1 --top-k 3 < rows.csv"
    })
final class ExplainCommand implements Runnable {
  private static final Path STANDARD = Path.of("-");

  private final StandardStreams streams;
  @Spec private CommandSpec spec;

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The model bundle's folder.")
  private Path bundlePath;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "FILE.csv",
      description =
          "Rows to explain: CSV in UTF-8 whose header has the bundle's feature names, in any"
              + " order. - is standard input.")
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE.jsonl",
      description =
          "Where the explanations go. The file appears only when all rows are explained. - is"
              + " standard output.")
  private Path output;

  @Option(
      names = "--verification-output",
      paramLabel = "FILE.json",
      description = "Also write how well f(e) = J(e)*e held over all rows. - is standard output.")
  private @Nullable Path verificationOutput;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1024",
      converter = PositiveInt.class,
      description =
          "Rows computed together; changes speed and memory, not results. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Mixin private EngineOptions engine;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "float32",
      converter = Label.OfPrecision.class,
      description =
          "What the layers engine computes in: float32, or float64 for audits."
              + " Default: ${DEFAULT-VALUE}.")
  private Precision precision;

  @Option(
      names = "--reduction",
      paramLabel = "REDUCTION",
      defaultValue = "l2",
      description =
          "How a feature's contributions become one number in reduced: l2 (norm over the outputs),"
              + " normalized (l2, adding up to 1) or signed (those to one output)."
              + " Default: ${DEFAULT-VALUE}.")
  private String reduction;

  @Option(
      names = "--target",
      paramLabel = "N",
      defaultValue = "0",
      description = "The output of --reduction signed, counted from 0. Default: ${DEFAULT-VALUE}.")
  private int target;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      converter = PositiveInt.class,
      description =
          "Add \"top\":[{\"feature\":name,\"value\":x}, ...] after reduced: the N features of the"
              + " largest magnitude there, or all when there are fewer.")
  private @Nullable Integer topK;

  ExplainCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public void run() {
    requireDistinctFiles();
    Reduction reduce = reduction();
    ModelBundle bundle = BundleLoader.load(bundlePath);
    requireTarget(bundle);
    try (FeatureCsv rows = open(bundle);
        AdmittedModel model = AdmissionCheck.admit(bundle, engine.in(precision));
        CsvExplanation explanation = new CsvExplanation(model, reduce, batchSize);
        Results results = createResults()) {
      sayIfApproximate(model);
      OptionalInt top = topK == null ? OptionalInt.empty() : OptionalInt.of(topK);
      results.write(explanation, rows, ExplanationFormat.of(model, top));
    }
  }

  private void requireDistinctFiles() {
    if (verificationOutput != null && isSame(output, verificationOutput)) {
      throw wrongUsage("--output and --verification-output are the same");
    }
    if (!input.equals(STANDARD) && (isSame(input, output) || isSame(input, verificationOutput))) {
      throw wrongUsage("--input would be overwritten by a result");
    }
  }

  private static boolean isSame(Path a, @Nullable Path b) {
    try {
      return b != null && (a.normalize().equals(b.normalize()) || Files.isSameFile(a, b));
    } catch (IOException e) {
      return false;
    }
  }

  private Reduction reduction() {
    try {
      return Reduction.of(reduction, target);
    } catch (IllegalArgumentException e) {
      throw wrongUsage("Invalid value for option '--reduction': " + e.getMessage());
    }
  }

  private void requireTarget(ModelBundle bundle) {
    if (target < 0 || target >= bundle.outputCount()) {
      throw wrongUsage(
          "Invalid value for option '--target': "
              + bundle.label()
              + " has outputs 0 to "
              + (bundle.outputCount() - 1)
              + ", not "
              + target);
    }
  }

  private ParameterException wrongUsage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  private FeatureCsv open(ModelBundle bundle) {
    return input.equals(STANDARD)
        ? FeatureCsv.of("standard input", streams.in(), bundle.features())
        : FeatureCsv.open(input, bundle.features());
  }

  private Results createResults() {
    return new Results(create(output), Optional.ofNullable(verificationOutput).map(this::create));
  }

  private OutputFile create(Path path) {
    return path.equals(STANDARD)
        ? OutputFile.direct("standard output", streams.out())
        : OutputFile.create(path);
  }

  private void sayIfApproximate(AdmittedModel model) {
    if (!model.report().exact()) {
      streams.say(
          String.format(
              Locale.ROOT,
              "%s is approximate: by method %s its contributions miss the embedding by %.1e"
                  + " relative on probe rows (tolerance %.1e)%s",
              model.bundle().label(),
              model.report().method().label(),
              model.report().probe().relativeError(),
              model.bundle().tolerance(),
              model.report().method() == ContributionMethod.JACOBIAN ? "; try --method auto" : ""));
    }
  }
}
