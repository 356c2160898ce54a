package io.attribution.stream.terminal;

/**
 * How a piece of text looks.
 *
 * @param codes the parameters of ANSI's SELECT GRAPHIC RENDITION; empty for plain text
 */
public record Style(String codes) {
  public static final Style PLAIN = new Style("");
  public static final Style BOLD = new Style("1");
  public static final Style DIM = new Style("2");
  public static final Style RED = new Style("31");
  public static final Style GREEN = new Style("32");
  public static final Style YELLOW = new Style("33");
  public static final Style BLUE = new Style("34");
  public static final Style HEADING = new Style("1;36");

  private static final int GREYS = 24;
  private static final int FIRST_GREY = 232;
  private static final int[] HEAT = {16, 52, 88, 124, 160, 196, 202, 208, 214, 220, 226, 230};

  /** Background in one of the greys that 256-colour terminals have: 0 is black, 1 white. */
  public static Style grey(double brightness) {
    return background(FIRST_GREY + step(brightness, GREYS));
  }

  /** Background from black (0) through red and yellow to nearly white (1). */
  public static Style heat(double intensity) {
    return background(HEAT[step(intensity, HEAT.length)]);
  }

  private static Style background(int colour) {
    return new Style("48;5;" + colour);
  }

  private static int step(double share, int steps) {
    return (int) Math.max(0, Math.min(steps - 1, Math.floor(share * steps)));
  }
}
