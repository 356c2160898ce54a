package io.attribution.engine.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code in docs/engine.md compiles and does what the page says. */
class DocumentedExampleTest {
  private static final Path PAGE = Path.of("..", "docs", "engine.md");
  private static final Path WDBC = Path.of("..", "examples", "wdbc");
  private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");

  /** An embedding, and the contributions to it. */
  private static final Pattern ROW = Pattern.compile("\\[(.*?)]\\[(.*)]");

  @TempDir Path folder;

  @Test
  void explainsRowsWhoseContributionsAddUpToTheEmbedding() throws Exception {
    float[][] rows = rows();
    rows[1][3] = Float.NaN;

    List<String> lines = run(rows);

    assertThat(lines).hasSize(2 * rows.length - 1).contains("not_finite: feature 3 is NaN");
    assertThat(lines)
        .filteredOn(line -> line.startsWith("true, most by "))
        .hasSize(rows.length - 1);
    for (String line : lines) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertAddsUp(numbers(row.group(1)), numbers(row.group(2)));
      }
    }
  }

  private static void assertAddsUp(double[] embedding, double[] contributions) {
    int features = contributions.length / embedding.length;
    double largest = DoubleStream.of(embedding).map(Math::abs).max().orElseThrow();
    for (int o = 0; o < embedding.length; o++) {
      double sum = Arrays.stream(contributions, o * features, (o + 1) * features).sum();
      assertThat(sum).isCloseTo(embedding[o], within(1e-4 * largest));
    }
  }

  private static double[] numbers(String list) {
    return Stream.of(list.split(", ")).mapToDouble(Double::parseDouble).toArray();
  }

  /** More than one batch. */
  private static float[][] rows() throws IOException {
    List<String> lines = Files.readAllLines(WDBC.resolve("data.csv"));
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < 1100; i++) {
      double[] values = numbers(lines.get(1 + i % (lines.size() - 1)).replace(",", ", "));
      float[] row = new float[values.length];
      for (int k = 0; k < row.length; k++) {
        row[k] = (float) values[k];
      }
      rows.add(row);
    }
    return rows.toArray(float[][]::new);
  }

  /** What the documented code prints. */
  private List<String> run(float[]... rows) throws Exception {
    compile();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream console = System.out;
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Method explain =
          loader.loadClass("ExplainRows").getDeclaredMethod("explain", Path.class, float[][].class);
      explain.setAccessible(true);
      System.setOut(new PrintStream(printed, true, UTF_8));
      explain.invoke(null, WDBC.resolve("bundle"), rows);
    } finally {
      System.setOut(console);
    }
    return printed.toString(UTF_8).lines().toList();
  }

  private void compile() throws IOException {
    Matcher code = CODE.matcher(Files.readString(PAGE));
    assertThat(code.find()).as("%s has a block of Java", PAGE).isTrue();
    Path source = Files.writeString(folder.resolve("ExplainRows.java"), code.group(1));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-proc:none",
                "-Xlint:all",
                "-Werror",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(exit).as(messages.toString(UTF_8)).isZero();
  }
}
