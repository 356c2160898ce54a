package io.attribution.stream.browser;

import static io.attribution.stream.browser.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The dashboard says what the topics say, to everybody, and raises the alarm when it has to. */
@Timeout(120)
class BrowserIT {
  private static final int WIDE = 1600;
  private static final int STEPS = 12;

  private static final String ALERTS_AN_HOUR_OLDER =
      "const ask = fetch;"
          + "window.fetch = async (address, options) => {"
          + "  const answer = await ask(address, options);"
          + "  if (!String(address).includes('/api/v1/alerts')) return answer;"
          + "  const alerts = await answer.json();"
          + "  for (const alert of alerts) alert.since -= 3600_000;"
          + "  return new Response(JSON.stringify(alerts));"
          + "};";

  private static Chromium chromium;
  private static DigitsApplication healthy;
  private static DigitsApplication biased;

  @BeforeAll
  static void start() {
    Optional<Chromium> installed = Chromium.open();
    assumeThat(installed)
        .as("the dashboard is tested where chromium and chromedriver are on the PATH")
        .isPresent();
    chromium = installed.orElseThrow();
    healthy = new DigitsApplication("bundle");
    biased = new DigitsApplication("faults/bias");
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable open : new AutoCloseable[] {chromium, healthy, biased}) {
      close(open);
    }
  }

  private static void close(AutoCloseable open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void asFirstSeen() {
    chromium.resize(WIDE);
    chromium.prefer("light");
  }

  @AfterEach
  void logsNoErrors() {
    assertThat(chromium.errors()).as("errors on the console").isEmpty();
  }

  private static Dashboard open(DigitsApplication application) {
    return Dashboard.open(chromium, application.address());
  }

  @Test
  void explainsARecordAsItsTopicDoes() {
    Dashboard page = open(healthy);
    GenericRecord topic = healthy.projected(18).get(17);

    page.explain("features-0@17");

    assertThat(page.fact("Record ID")).isEqualTo("row-17");
    assertThat(page.text(".certificate")).contains("✓ Exact.");
    page.scrollTo("#record");
    for (int output = 0; output < 2; output++) {
      page.chooseOutput("embedding_" + output);
      assertExplains(page, topic, output);
    }
  }

  private static void assertExplains(Dashboard page, GenericRecord topic, int output) {
    double embedding = floats(topic, "embedding").get(output);
    List<Float> contributions = contributions(topic, output);
    eventually(
        () -> {
          assertThat(page.text(".certificate")).contains("embedding_" + output + ": f(x) =");
          Shown.of(page.all(".certificate .figure").get(0).getText()).assertIs("f(x)", embedding);
          assertTable(page.table("#record"), contributions);
        });
    eventually(() -> assertDrawn(page.steps(), contributions, embedding));
  }

  private static void assertTable(List<List<String>> table, List<Float> contributions) {
    assertThat(table).hasSize(contributions.size());
    for (List<String> row : table) {
      int k = healthy.features().indexOf(row.get(0));
      Shown.of(row.get(1)).assertIs(row.get(0) + ", raw", healthy.rows.get(17)[k]);
      Shown.of(row.get(2)).assertIs(row.get(0) + ", contribution", contributions.get(k));
    }
  }

  /** The bars: the largest contributions, the others in one, what is left, and the embedding. */
  private static void assertDrawn(
      List<double[]> steps, List<Float> contributions, double embedding) {
    assertThat(steps).hasSize(STEPS + 3);
    List<Float> largest = new ArrayList<>(contributions);
    largest.sort(Comparator.comparing((Float c) -> -Math.abs(c)));
    for (int i = 0; i < STEPS; i++) {
      double delta = steps.get(i)[1] - steps.get(i)[0];
      new Shown(delta, 0).assertIs("bar " + i, largest.get(i));
    }
    new Shown(steps.get(STEPS + 1)[1], 0).assertIs("where the bars end", embedding);
    new Shown(steps.get(STEPS + 2)[1], 0).assertIs("the embedding's bar", embedding);
  }

  @Test
  void ranksFeaturesAsTheTopicsDo() {
    Dashboard page = open(healthy);
    double[] strength = meanLengths(healthy.projected(DigitsApplication.ROWS));
    int[] strongest =
        IntStream.range(0, strength.length)
            .boxed()
            .sorted(Comparator.comparing((Integer k) -> -strength[k]))
            .mapToInt(k -> k)
            .toArray();

    eventually(
        () -> {
          List<List<String>> table = page.table("#top");
          assertThat(table).hasSize(20);
          for (int i = 0; i < 20; i++) {
            assertThat(table.get(i).get(0)).isEqualTo(healthy.features().get(strongest[i]));
            Shown.of(table.get(i).get(1)).assertIs("l2, place " + i, strength[strongest[i]]);
          }
        });
  }

  /** Of every feature: the mean over rows of the length of its contributions. */
  private static double[] meanLengths(List<GenericRecord> records) {
    double[] mean = new double[64];
    for (GenericRecord record : records) {
      List<Float> c = floats(record, "contributions");
      for (int k = 0; k < mean.length; k++) {
        mean[k] += Math.hypot(c.get(k), c.get(64 + k)) / records.size();
      }
    }
    return mean;
  }

  @Test
  void countsWhatWentThrough() {
    Dashboard page = open(healthy);

    eventually(
        () -> {
          assertThat(page.tile("Dead letters")).contains("1 record", "undecodable 1");
          assertThat(page.tile("Lag")).contains("\n0 records");
          assertThat(page.outside())
              .containsPattern("Ready . last answer of the brokers \\d\\d:\\d\\d:\\d\\d, of the")
              .containsPattern("last commit \\d\\d:\\d\\d:\\d\\d");
        });
  }

  @Test
  void staysCalmWhileAllIsWell() {
    Dashboard page = open(healthy);

    eventually(() -> assertThat(page.text("#banner")).isEqualTo("No open alerts."));
    assertThat(page.all(".alarm")).isEmpty();
    assertThat(page.text("#alerts .message")).startsWith("No alerts so far.");
    assertThat(page.text("#control .reading")).contains("Always within the tolerance.");
  }

  @Test
  void namesTheBiasAndBlamesNoData() {
    Dashboard page = open(biased);

    eventually(
        () ->
            assertThat(page.text("#banner .alarm[data-kind=linearity_error]"))
                .contains("explanations no longer add up", "digits 1-bias")
                .contains("Probable cause: the encoder adds a constant (a bias)"));
    assertThat(page.all("#banner .alarm")).hasSize(1);
    assertThat(page.all("#alerts li")).hasSize(1);
    assertThat(page.text("#alerts li")).containsIgnoringCase("linearity").contains("open");

    page.click("#alerts li button");
    eventually(
        () -> {
          assertThat(page.text(".certificate")).contains("✗ Not exact.");
          assertThat(page.isUnderHeader("#record h2")).as("the header covers it").isFalse();
        });
  }

  @ParameterizedTest
  @CsvSource({"400", "1600"})
  void needsNoHorizontalScrolling(int width) {
    chromium.resize(width);
    for (DigitsApplication application : List.of(healthy, biased)) {
      Dashboard page = open(application);
      page.openAllTables();
      eventually(() -> assertThat(page.all("details.data table").size()).isGreaterThan(5));

      assertThat(page.overhang()).as("pixels outside").isZero();
    }
  }

  /** Also that of an alert which began before what the chart shows. */
  @ParameterizedTest
  @CsvSource({"400", "1600"})
  void keepsLabelsInsideTheirCharts(int width) {
    chromium.resize(width);
    Dashboard page;
    try (Chromium.Prelude old = chromium.prelude(ALERTS_AN_HOUR_OLDER)) {
      page = open(biased);
    }
    for (String panel : List.of("#record", "#embedding", "#control", "#top", "#parity")) {
      page.scrollTo(panel);
      eventually(() -> assertThat(page.labels(panel)).isNotEmpty());
    }

    assertThat(page.labels("#control")).anyMatch(label -> label.contains("Linearity, from before"));
    assertThat(page.labelsOutside()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"light", "dark"})
  void isForEverybody(String scheme) {
    chromium.prefer(scheme);
    for (DigitsApplication application : List.of(healthy, biased)) {
      Dashboard page = open(application);
      eventually(() -> assertThat(page.text("#banner")).isNotEmpty());
      assertThat(page.all("html[data-theme=" + scheme + "]")).hasSize(1);
      page.openAllTables();

      assertThat(chromium.accessibilityViolations()).isEmpty();
    }
  }

  @Test
  void canBeUsedWithoutAMouse() {
    Dashboard page = open(healthy);

    assertThat(page.stops())
        .startsWith("a")
        .contains(
            "header button pause",
            "header button theme",
            "record input choice",
            "record select by",
            "record input what",
            "record button",
            "record summary",
            "embedding application",
            "control summary",
            "top input choice",
            "parity summary");
    page.tabTo("record input what");
    page.press("features-0@23", Keys.ENTER);
    eventually(() -> assertThat(page.fact("Position")).isEqualTo("features-0@23"));

    page.tabTo("embedding application");
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_LEFT);
    String chosen = page.text("#embedding .cursor").split(",", 2)[0];
    page.press(Keys.ENTER);
    eventually(() -> assertThat(page.fact("Position")).isEqualTo(chosen));
  }

  @SuppressWarnings("unchecked")
  private static List<Float> floats(GenericRecord record, String field) {
    return (List<Float>) record.get(field);
  }

  private static List<Float> contributions(GenericRecord record, int output) {
    List<Float> all = floats(record, "contributions");
    return all.subList(64 * output, 64 * (output + 1));
  }
}
