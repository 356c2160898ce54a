package io.attribution.engine.internal.kernel;

import java.util.Locale;

/** The text of a TorchScript program as it grows: indentation and names. */
final class Text {
  private final StringBuilder lines = new StringBuilder();
  private int depth = 1;
  private int names;

  Text line(String format, Object... arguments) {
    lines
        .append("  ".repeat(depth))
        .append(String.format(Locale.ROOT, format, arguments))
        .append('\n');
    return this;
  }

  Text open(String format, Object... arguments) {
    line(format, arguments);
    depth++;
    return this;
  }

  Text close() {
    depth--;
    return this;
  }

  /** A name that no other variable of the program has. */
  String name(String prefix) {
    return prefix + names++;
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
