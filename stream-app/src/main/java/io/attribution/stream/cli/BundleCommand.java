package io.attribution.stream.cli;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.ExplainedRow;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.Precision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Inspects or validates a model bundle. */
@Command(
    name = "bundle",
    description = "Looks at a model bundle: what it says, or whether it holds.",
    footer = {
      "  attribution bundle inspect examples/wdbc/bundle",
      "  attribution bundle validate examples/wdbc/bundle"
    })
final class BundleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing command: one of " + spec.subcommands().keySet());
  }

  @Command(
      name = "inspect",
      description = {
        "Prints what a bundle says about itself: name, version, fingerprint, shapes, preprocessing,"
            + " layers and engines. Reads and checks its files, but runs nothing."
      },
      footer = "  attribution bundle inspect examples/wdbc/bundle")
  void inspect(
      @Parameters(paramLabel = "DIR", description = "The model bundle's folder.") Path directory) {
    PrintWriter out = spec.commandLine().getOut();
    BundleDescription.of(BundleLoader.load(directory)).forEach(out::println);
  }

  @Command(
      name = "validate",
      description = {
        "Runs the checks that a bundle passes before it explains a record, prints a line for each,"
            + " and the verdict: exact, complete (contributions along a path add up) or"
            + " approximate, and by which method. An approximate bundle passes; a broken one is"
            + " refused with exit code 3 and the reason."
      },
      footer = "  attribution bundle validate examples/wdbc/bundle --engine autograd")
  void validate(
      @Parameters(paramLabel = "DIR", description = "The model bundle's folder.") Path directory,
      @Mixin EngineOptions engine) {
    PrintWriter out = spec.commandLine().getOut();
    try (AdmittedModel model =
        AdmissionCheck.admit(BundleLoader.load(directory), engine.in(Precision.FLOAT32))) {
      List<ExplainedRow> reference = model.explainReference(new Reduction.L2());
      out.printf(
          "%s, engine %s on %s%n",
          model.bundle().label(), model.report().engine().label(), model.device());
      model.report().checks().forEach(check -> out.println("  ok  " + check));
      if (!reference.isEmpty()) {
        out.println("  ok  all " + reference.size() + " rows of the reference are explained");
      }
      out.println("method: " + model.report().method().label());
      out.println("verdict: " + model.report().label());
    }
  }
}
