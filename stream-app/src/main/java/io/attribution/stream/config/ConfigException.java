package io.attribution.stream.config;

/**
 * A setting that cannot be used. The message names the key, the value and what to write instead.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
