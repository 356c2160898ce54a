package io.attribution.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * Draws a chart. The picture follows the reader's light or dark theme and needs no font or script
 * from elsewhere.
 */
final class Svg {
  private static final int WIDTH = 760;
  private static final int LABELS = 190;
  private static final int VALUES = 80;
  private static final int BAR = 16;
  private static final int GAP = 14;
  private static final int LEGEND = 22;
  private static final int HEAD = 36;
  private static final int BASELINE = 12;

  /** Okabe and Ito (2008): told apart by colour-blind readers too, on light and dark grounds. */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00");

  private static final String STYLE =
      "<style>text{font:13px system-ui,sans-serif;fill:#1f2328}.t{font-weight:600;font-size:15px}"
          + ".q{fill:#59636e}line{stroke:#d1d9e0}"
          + "@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.q{fill:#9198a1}"
          + "line{stroke:#3d444d}}</style>\n";

  private final BarChart chart;
  private final StringBuilder out = new StringBuilder();
  private int y;

  private Svg(BarChart chart) {
    this.chart = chart;
  }

  /** The picture as an SVG document. */
  static String draw(BarChart chart) {
    return new Svg(chart).document();
  }

  private String document() {
    text(0, BASELINE + 4, "t", "start", chart.title() + " (" + chart.unit() + ")");
    y = HEAD;
    legend();
    chart.groups().forEach(this::group);
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " role=\"img\" aria-label=\"%s\">\n",
            WIDTH,
            y,
            WIDTH,
            escape(chart.title()))
        + STYLE
        + out
        + "</svg>\n";
  }

  private void legend() {
    for (int i = 0; i < chart.series().size(); i++) {
      rectangle(0, BASELINE, i);
      text(BASELINE + 6, y + BASELINE - 1, "", "start", chart.series().get(i));
      y += LEGEND;
    }
    y += GAP / 2;
  }

  private void group(BarChart.Group group) {
    int height = BAR * group.values().size();
    text(LABELS - 8, y + height / 2 + 4, "", "end", group.label());
    line(y - GAP / 2);
    for (int i = 0; i < group.values().size(); i++) {
      bar(i, group.values().get(i));
      y += BAR;
    }
    y += GAP;
  }

  private void bar(int series, double value) {
    double length =
        Double.isFinite(value) ? value / chart.largest() * (WIDTH - LABELS - VALUES) : 0;
    rectangle(LABELS, length, series);
    text(LABELS + length + 6, y + BASELINE - 1, "q", "start", Figures.of(value));
  }

  private void rectangle(double x, double width, int series) {
    out.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
            x,
            y,
            width,
            BAR - 3,
            COLOURS.get(series % COLOURS.size())));
  }

  private void line(int at) {
    out.append(
        String.format(
            Locale.ROOT, "<line x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", at, WIDTH, at));
  }

  private void text(double x, int at, String style, String anchor, String text) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%d\" class=\"%s\" text-anchor=\"%s\">%s</text>\n",
            x,
            at,
            style,
            anchor,
            escape(text)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
