/* Inserts rows of one width into a new SQLite database, so many to a commit, for some seconds, and
   prints how many rows it committed and in how long: the least that a durable store can cost.

       sqlite_rows FILE ROWS_A_COMMIT SECONDS WIDTH                                              */

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *database;

static void must(int code, int wanted) {
    if (code != wanted) {
        fprintf(stderr, "sqlite_rows: %s\n", sqlite3_errmsg(database));
        exit(1);
    }
}

static void run(const char *sql) {
    must(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
}

static sqlite3_stmt *prepared(const char *sql) {
    sqlite3_stmt *statement;
    must(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    return statement;
}

static void step(sqlite3_stmt *statement) {
    must(sqlite3_step(statement), SQLITE_DONE);
    must(sqlite3_reset(statement), SQLITE_OK);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: sqlite_rows FILE ROWS_A_COMMIT SECONDS WIDTH\n");
        return 64;
    }
    const int rows_a_commit = atoi(arguments[2]);
    const double seconds = atof(arguments[3]);
    const int width = atoi(arguments[4]);
    if (rows_a_commit < 1 || seconds <= 0 || width < 1) return 64;
    char *text = malloc((size_t)width);
    if (text == NULL) return 1;
    memset(text, 'k', (size_t)width);

    must(sqlite3_open(arguments[1], &database), SQLITE_OK);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    sqlite3_stmt *begin = prepared("BEGIN IMMEDIATE");
    sqlite3_stmt *insert = prepared("INSERT INTO rows (text) VALUES (?1)");
    sqlite3_stmt *commit = prepared("COMMIT");
    must(sqlite3_bind_text(insert, 1, text, width, SQLITE_STATIC), SQLITE_OK);

    const double start = now();
    long rows = 0;
    while (now() - start < seconds) {
        step(begin);
        for (int row = 0; row < rows_a_commit; row++) step(insert);
        step(commit);
        rows += rows_a_commit;
    }
    printf("%ld %.6f\n", rows, now() - start);
    sqlite3_finalize(begin);
    sqlite3_finalize(insert);
    sqlite3_finalize(commit);
    must(sqlite3_close(database), SQLITE_OK);
    free(text);
    return 0;
}
