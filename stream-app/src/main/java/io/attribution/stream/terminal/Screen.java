package io.attribution.stream.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A whole terminal, redrawn with every frame on its alternate screen, so that the previous content
 * comes back at the end. A frame is one write, so that it never shows in part.
 */
public final class Screen implements AutoCloseable {
  private static final String ESCAPE = "\u001b[";
  private static final String ENTER = ESCAPE + "?1049h" + ESCAPE + "?25l" + ESCAPE + "?7l";
  private static final String LEAVE = ESCAPE + "?7h" + ESCAPE + "?25h" + ESCAPE + "?1049l";

  /** Synchronized output: terminals without it ignore the code. */
  private static final String BEGIN_FRAME = ESCAPE + "?2026h" + ESCAPE + "H";

  private static final String END_OF_LINE = ESCAPE + "K";
  private static final String END_FRAME = ESCAPE + "J" + ESCAPE + "H" + ESCAPE + "?2026l";

  private final OutputStream out;
  private final boolean coloured;
  private boolean open = true;

  /** Takes the terminal over until it is closed. */
  public Screen(OutputStream out, boolean coloured) {
    this.out = out;
    this.coloured = coloured;
    write(ENTER);
  }

  /**
   * @param lines no more than the terminal has, none wider than it is
   */
  public void draw(List<Line> lines) {
    StringBuilder frame = new StringBuilder(BEGIN_FRAME);
    for (int i = 0; i < lines.size(); i++) {
      frame.append(i == 0 ? "" : "\r\n").append(lines.get(i).render(coloured)).append(END_OF_LINE);
    }
    write(frame.append(END_FRAME).toString());
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Restores the terminal. */
  @Override
  public void close() {
    if (open) {
      open = false;
      write(LEAVE);
    }
  }
}
