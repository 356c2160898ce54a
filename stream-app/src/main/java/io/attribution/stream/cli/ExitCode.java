package io.attribution.stream.cli;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.library.LibTorchException;
import io.attribution.engine.runtime.DeviceException;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.csv.InputException;
import picocli.CommandLine.ParameterException;

/** The process's exit codes; the numbers are part of the contract. */
public enum ExitCode {
  OK(0),
  FAILURE(1),
  BAD_USAGE(2),
  BAD_BUNDLE(3),
  BAD_INPUT(4);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The code of a command that failed with this. */
  public static ExitCode of(Throwable failure) {
    if (failure instanceof ParameterException
        || failure instanceof ConfigException
        || failure instanceof DeviceException
        || failure instanceof LibTorchException) {
      return BAD_USAGE;
    }
    if (failure instanceof BundleException) {
      return BAD_BUNDLE;
    }
    return failure instanceof InputException ? BAD_INPUT : FAILURE;
  }
}
