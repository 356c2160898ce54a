package io.attribution.engine.internal.kernel;

/**
 * Writes copies of an array with a row for each row of the tile: one copy for each seed of a group,
 * one after the other.
 */
final class Copies {
  private final Text text;

  Copies(Text text) {
    this.text = text;
  }

  /**
   * @param array an expression, (t, …)
   * @return the variable that holds the copies, (group · t, …)
   */
  String of(String array) {
    String copies = text.name("c");
    text.line("%s = %s", copies, array)
        .open("if group > 1:")
        .line("%s = torch.repeat(%s, [group, 1])", copies, copies)
        .close();
    return copies;
  }
}
