/** Feature records in CSV files: one row each, columns by name, read row by row. */
@NullMarked
package io.attribution.stream.csv;

import org.jspecify.annotations.NullMarked;
