package io.attribution.stream.http;

import io.attribution.stream.config.HttpConfig;

/** What a route needs, and what a token allows. None includes another. */
enum Access {
  /** Nothing: probes, which carry no token and read no record. */
  OPEN(""),
  READ(HttpConfig.READ_TOKENS),
  EXPLAIN(HttpConfig.EXPLAIN_TOKENS),
  OPERATE(HttpConfig.OPERATE_TOKENS);

  private final String setting;

  Access(String setting) {
    this.setting = setting;
  }

  /** The setting that names the file of its tokens. */
  String setting() {
    return setting;
  }
}
