@NullMarked
package io.attribution.webhook;

import org.jspecify.annotations.NullMarked;
