@NullMarked
package io.attribution.app;

import org.jspecify.annotations.NullMarked;
