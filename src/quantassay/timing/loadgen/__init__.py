"""MLPerf LoadGen as what issues the queries."""
