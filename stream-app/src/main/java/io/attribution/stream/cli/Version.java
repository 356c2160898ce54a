package io.attribution.stream.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version from the manifest of the application's jar. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("development build");
    return new String[] {"attribution " + version + " (Java " + Runtime.version() + ")"};
  }
}
