/** Tests of the package of the same name. */
@NullMarked
package io.attribution.stream.http;

import org.jspecify.annotations.NullMarked;
