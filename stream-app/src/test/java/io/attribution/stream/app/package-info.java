@NullMarked
package io.attribution.stream.app;

import org.jspecify.annotations.NullMarked;
