@NullMarked
package io.attribution.stream.webhook;

import org.jspecify.annotations.NullMarked;
