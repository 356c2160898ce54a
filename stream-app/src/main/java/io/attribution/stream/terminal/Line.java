package io.attribution.stream.terminal;

import java.util.ArrayList;
import java.util.List;

/** One line of text in pieces of different style, with a known width. Immutable. */
public final class Line {
  public static final Line EMPTY = new Line(List.of());
  private static final String CUT = "…";

  private final List<Span> spans;

  private Line(List<Span> spans) {
    this.spans = spans;
  }

  private record Span(Style style, String text) {}

  public static Line of(String text) {
    return EMPTY.add(text);
  }

  public static Line of(Style style, String text) {
    return EMPTY.add(style, text);
  }

  public Line add(String text) {
    return add(Style.PLAIN, text);
  }

  public Line add(Style style, String text) {
    if (text.isEmpty()) {
      return this;
    }
    List<Span> more = new ArrayList<>(spans);
    more.add(new Span(style, text));
    return new Line(more);
  }

  public Line add(Line other) {
    List<Span> more = new ArrayList<>(spans);
    more.addAll(other.spans);
    return new Line(more);
  }

  /** Columns; every character here takes one. */
  public int width() {
    return spans.stream().mapToInt(span -> span.text.length()).sum();
  }

  /** Spaces to the right up to this width. */
  public Line padTo(int width) {
    return width() >= width ? this : add(" ".repeat(width - width()));
  }

  /** No wider than this; an ellipsis marks a cut. */
  public Line cutTo(int width) {
    if (width() <= width) {
      return this;
    }
    Line cut = EMPTY;
    int kept = Math.max(0, width - CUT.length());
    for (Span span : spans) {
      int taken = Math.min(kept - cut.width(), span.text.length());
      cut = cut.add(span.style, span.text.substring(0, taken));
    }
    return width < CUT.length() ? cut : cut.add(CUT);
  }

  /** The text alone. */
  public String plain() {
    return render(false);
  }

  /**
   * The text for a terminal.
   *
   * @param coloured false leaves all escape codes out
   */
  public String render(boolean coloured) {
    StringBuilder text = new StringBuilder();
    for (Span span : spans) {
      boolean styled = coloured && !span.style.codes().isEmpty();
      text.append(
          styled ? "\u001b[" + span.style.codes() + "m" + span.text + "\u001b[0m" : span.text);
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return plain();
  }
}
