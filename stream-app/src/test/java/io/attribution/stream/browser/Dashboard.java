package io.attribution.stream.browser;

import static io.attribution.stream.browser.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** What can be seen on the page, and done with it. */
final class Dashboard {
  private static final int MOST_STOPS = 80;

  private final ChromeDriver driver;

  private Dashboard(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Opens the page anew and waits until it is live and knows what was before. */
  static Dashboard open(Chromium chromium, URI address) {
    chromium.driver.get(address.toString());
    Dashboard page = new Dashboard(chromium.driver);
    eventually(
        () -> {
          assertThat(page.text("#connection")).isEqualTo("Live");
          assertThat(page.all("#record[data-state=ready] .record-facts dd")).isNotEmpty();
          assertThat(page.all("#top[data-state=ready]")).hasSize(1);
        });
    return page;
  }

  /** Visible text of the first match. */
  String text(String css) {
    return driver.findElement(By.cssSelector(css)).getText();
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  void click(String css) {
    driver.findElement(By.cssSelector(css)).click();
  }

  /** The value of a named fact of the record that is explained. */
  String fact(String name) {
    return all(".record-facts > div").stream()
        .map(fact -> fact.getText().split("\n", 2))
        .filter(fact -> fact[0].equals(name))
        .map(fact -> fact[1])
        .findFirst()
        .orElseThrow(() -> new AssertionError("no fact " + name));
  }

  /** The tile of the operations panel with this title: all its text. */
  String tile(String title) {
    return all("#operations .tile").stream()
        .map(WebElement::getText)
        .filter(text -> text.startsWith(title + "\n"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no tile " + title));
  }

  /** Whether the instance is ready, and who answered when. */
  String outside() {
    return driver.findElement(By.cssSelector("#operations .outside")).getText();
  }

  /** Types a position as a reader would. */
  void explain(String position) {
    WebElement what = driver.findElement(By.cssSelector(".lookup [name=what]"));
    what.clear();
    what.sendKeys(position, Keys.ENTER);
    eventually(() -> assertThat(fact("Position")).isEqualTo(position));
  }

  /** Chooses the output that the record is explained for. */
  void chooseOutput(String name) {
    all("#record .output-choice label").stream()
        .filter(label -> label.getText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no output " + name))
        .click();
  }

  /** Opens the table of a panel. Its cells, row by row. */
  List<List<String>> table(String panel) {
    if (all(panel + " details.data[open]").isEmpty()) {
      click(panel + " details.data summary");
    }
    return rows(panel);
  }

  @SuppressWarnings("unchecked")
  private List<List<String>> rows(String panel) {
    return (List<List<String>>)
        driver.executeScript(
            "return [...document.querySelectorAll(arguments[0] + ' details.data tbody tr')]"
                + ".map(row => [...row.cells].map(cell => cell.textContent));",
            panel);
  }

  void openAllTables() {
    driver.executeScript("document.querySelectorAll('details').forEach(d => { d.open = true; });");
  }

  /** The steps of the waterfall as they are drawn: from and to of each. */
  List<double[]> steps() {
    Object data =
        driver.executeScript(
            "const box = document.querySelector('#record .waterfall');"
                + "return echarts.getInstanceByDom(box)?.getOption().series[0]?.data ?? [];");
    List<double[]> steps = new ArrayList<>();
    for (Object step : (List<?>) data) {
      List<?> values = (List<?>) step;
      steps.add(
          new double[] {
            ((Number) values.get(0)).doubleValue(), ((Number) values.get(2)).doubleValue()
          });
    }
    return steps;
  }

  /** Brings it into view: charts are drawn only there. */
  void scrollTo(String css) {
    driver.executeScript("document.querySelector(arguments[0]).scrollIntoView();", css);
  }

  /** Texts that are drawn in the charts of a panel. */
  List<String> labels(String panel) {
    return texts(panel, "true");
  }

  /** Texts that the edges of their charts cut off. */
  List<String> labelsOutside() {
    return texts("main", "rect.x < -1 || rect.x + rect.width > chart.getWidth() + 1");
  }

  @SuppressWarnings("unchecked")
  private List<String> texts(String within, String condition) {
    return (List<String>)
        driver.executeScript(
            "const found = [];"
                + "for (const box of document.querySelectorAll(arguments[0] + ' .chart')) {"
                + "  const chart = echarts.getInstanceByDom(box);"
                + "  for (const text of chart?.getZr().storage.getDisplayList(true) ?? []) {"
                + "    if (text.type !== 'tspan') continue;"
                + "    const rect = text.getBoundingRect().clone();"
                + "    if (text.transform) rect.applyTransform(text.transform);"
                + "    if ("
                + condition
                + ") found.push(text.style.text + ' at ' + [rect.x, rect.width].map(Math.round));"
                + "  }"
                + "}"
                + "return found;",
            within);
  }

  /** How many CSS pixels of the page lie outside of the window. */
  long overhang() {
    return ((Number)
            driver.executeScript(
                "const page = document.documentElement;"
                    + "return page.scrollWidth - page.clientWidth;"))
        .longValue();
  }

  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** What Tab reaches, from the beginning of the page to its end. */
  List<String> stops() {
    List<String> stops = new ArrayList<>();
    while (stops.size() < MOST_STOPS) {
      press(Keys.TAB);
      String stop = focused();
      if (stop.isEmpty()) {
        return stops;
      }
      stops.add(stop);
    }
    throw new AssertionError("Tab comes to no end: " + stops);
  }

  /** Whether the header, which stays in place, covers it. */
  boolean isUnderHeader(String css) {
    return (Boolean)
        driver.executeScript(
            "const edge = e => document.querySelector(e).getBoundingClientRect();"
                + "return edge(arguments[0]).top < edge('.top').bottom;",
            css);
  }

  /** Presses Tab until this is reached. */
  void tabTo(String stop) {
    for (int i = 0; i < MOST_STOPS && !focused().equals(stop); i++) {
      press(Keys.TAB);
    }
    assertThat(focused()).isEqualTo(stop);
  }

  /** A short name of what has the focus; nothing for the page itself. */
  String focused() {
    return (String)
        driver.executeScript(
            "const e = document.activeElement;"
                + "if (!e || e === document.body) return '';"
                + "const panel = e.closest('section')?.id ?? e.closest('header, footer')?.localName;"
                + "const name = e.getAttribute('name')?.replace(/choice-.*/, 'choice') ?? e.id;"
                + "return [panel, e.getAttribute('role') ?? e.localName, name].filter(Boolean)"
                + ".join(' ');");
  }
}
