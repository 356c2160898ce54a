/** The dashboard as a reader sees it: a real browser, the real application, a real broker. */
@NullMarked
package io.attribution.stream.browser;

import org.jspecify.annotations.NullMarked;
