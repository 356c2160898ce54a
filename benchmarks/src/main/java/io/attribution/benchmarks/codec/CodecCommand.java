package io.attribution.benchmarks.codec;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench codec}. */
@Command(name = "codec", description = "Not there yet.")
public final class CodecCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "bench codec is not there yet");
  }
}
