package io.attribution.benchmarks.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of another class of this class path. */
final class JavaProcess {
  private JavaProcess() {}

  static List<String> command(Class<?> main, List<String> jvmOptions, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }
}
