package io.backprop.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;

/** The classes of database errors in {@code sql-error-codes.xml}. */
class SqlErrorCodesTests {

    @ParameterizedTest
    @CsvSource({
        "5, CannotAcquireLockException",
        "6, CannotAcquireLockException",
        "7, DataAccessResourceFailureException",
        "8, DataAccessResourceFailureException",
        "10, DataAccessResourceFailureException",
        "11, DatabaseDamagedException",
        "13, DiskFullException",
        "14, DataAccessResourceFailureException",
        "19, DataIntegrityViolationException",
        "26, DatabaseDamagedException"
    })
    void classifiesErrorsOfSqlite(int code, String expected) {
        assertClass("SQLite", new SQLException("test", null, code), expected);
    }

    @ParameterizedTest
    @CsvSource({
        "08006, DataAccessResourceFailureException",
        "23505, DuplicateKeyException",
        "25006, DataAccessResourceFailureException",
        "25P03, DataAccessResourceFailureException",
        "40P01, DeadlockLoserDataAccessException",
        "42P01, BadSqlGrammarException",
        "53100, DiskFullException",
        "53300, DataAccessResourceFailureException",
        "57P01, DataAccessResourceFailureException",
        "58030, DataAccessResourceFailureException"
    })
    void classifiesErrorsOfPostgres(String state, String expected) {
        assertClass("PostgreSQL", new SQLException("test", state), expected);
    }

    private static void assertClass(String database, SQLException error, String expected) {
        DataAccessException translated =
                new SQLErrorCodeSQLExceptionTranslator(database).translate("test", null, error);

        assertThat(requireNonNull(translated).getClass().getSimpleName()).isEqualTo(expected);
    }
}
