// SPDX-License-Identifier: Apache-2.0
/** What Bowline keeps in a database, by JDBC. */
@NullMarked
package io.bowline.jdbc;

import org.jspecify.annotations.NullMarked;
