package io.attribution.local;

import java.util.List;

/**
 * A version as it stands in a path.
 *
 * @param number the version, or -1 for the latest
 */
record VersionId(int number) {
  private static final int LATEST = -1;

  /**
   * @throws RegistryError 42202 where the text is neither a positive number nor {@code latest}
   */
  static VersionId parse(String text) throws RegistryError {
    if (text.equals("latest")) {
      return new VersionId(LATEST);
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 || number == LATEST) {
        return new VersionId(number);
      }
    } catch (NumberFormatException e) {
      // Refused below, as 0 is.
    }
    throw RegistryError.invalidVersion(text);
  }

  boolean isLatest() {
    return number == LATEST;
  }

  /**
   * The version meant, out of a subject's versions in ascending order.
   *
   * @throws RegistryError 40402
   */
  int among(List<Integer> versions) throws RegistryError {
    if (isLatest()) {
      return versions.get(versions.size() - 1);
    }
    if (!versions.contains(number)) {
      throw RegistryError.versionNotFound(number);
    }
    return number;
  }
}
