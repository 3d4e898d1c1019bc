package hpsocket;

/** The result of fetching. */
enum FetchResult {
  OK,
  LENGTH_TOO_LONG,
  DATA_NOT_FOUND
}
