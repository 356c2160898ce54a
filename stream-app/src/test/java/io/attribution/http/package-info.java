/** Tests of the package of the same name. */
@NullMarked
package io.attribution.http;

import org.jspecify.annotations.NullMarked;
