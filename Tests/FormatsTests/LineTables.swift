import LogModel
import Testing

/// What a line says, the reference being 2026-02-15T12:00:00Z and the zone UTC.
struct LineRow: CustomTestStringConvertible {
  var format: String
  var line: String
  var time: String?
  var severity: Severity?
  var body: String?
  var layout: TimeLayout.Kind

  init(
    _ format: String, _ line: String, _ time: String?, _ severity: Severity?, _ body: String?,
    _ layout: TimeLayout.Kind = .none
  ) {
    self.format = format
    self.line = line
    self.time = time
    self.severity = severity
    self.body = body
    self.layout = layout
  }

  var testDescription: String { "\(format): \(line)" }
}

extension LineTableTests {
  static let generic = [
    LineRow(
      "generic", "2026-02-01T10:00:00.123Z INFO started", "2026-02-01T10:00:00.123000Z", .info,
      "started", .iso),
    LineRow(
      "generic", "2026-02-01 10:00:00,123 - app.db - ERROR - it broke",
      "2026-02-01T10:00:00.123000Z", .error, "it broke", .iso),
    LineRow(
      "generic", "2009-07-20 22:59:27,672:DEBUG:Hello, World!", "2009-07-20T22:59:27.672000Z",
      .debug, "Hello, World!", .iso),
    LineRow(
      "generic", "2026-02-01T10:00:00.123456789+05:45 WARN x", "2026-02-01T04:15:00.123456Z", .warn,
      "x", .iso),
    LineRow(
      "generic", "2026-02-01T10:00:00+0545 [main] warning: x", "2026-02-01T04:15:00.000000Z", .warn,
      "x", .iso),
    LineRow(
      "generic", "2026-02-01 10:00:00 +0200 INFO x", "2026-02-01T08:00:00.000000Z", .info, "x", .iso
    ),
    LineRow(
      "generic", "2026-02-01 10:00:00.5 UTC [12] LOG:  starting", "2026-02-01T10:00:00.500000Z",
      .info, "starting", .iso),
    LineRow(
      "generic", "2025-08-13 01:45:01.123 PDT [12345] FATAL:  no", "2025-08-13T08:45:01.123000Z",
      .fatal, "no", .iso),
    LineRow(
      "generic", "2026/02/01 10:00:00 [error] 7#0: *1 open() failed", "2026-02-01T10:00:00.000000Z",
      .error, "7#0: *1 open() failed", .slash),
    LineRow(
      "generic", "2026/02/01 10:00:00.000042 server.go:12: listening",
      "2026-02-01T10:00:00.000042Z", nil, "server.go:12: listening", .slash),
    LineRow(
      "generic", "[2026-02-01 10:00:00] laravel.EMERGENCY: no logger",
      "2026-02-01T10:00:00.000000Z", .fatal, "no logger", .iso),
    LineRow(
      "generic", "[2026-02-01T10:00:00Z INFO  app::db] ready", "2026-02-01T10:00:00.000000Z", .info,
      "app::db] ready", .iso),
    LineRow(
      "generic", "[Sun Dec 04 04:47:44 2005] [error] mod_jk child", "2005-12-04T04:47:44.000000Z",
      .error, "mod_jk child"),
    LineRow(
      "generic", "[Wed Oct 11 14:32:52.123456 2000] [core:notice] x", "2000-10-11T14:32:52.123456Z",
      .info, "x"),
    LineRow("generic", "Sun Dec  4 04:47:44 UTC 2005 x", "2005-12-04T04:47:44.000000Z", nil, "x"),
    LineRow(
      "generic", "01/Feb/2026:10:00:00 +0100 NOTICE x", "2026-02-01T09:00:00.000000Z", .info, "x",
      .apache),
    LineRow(
      "generic", "081109 203615 148 INFO dfs.DataNode: x", "2008-11-09T20:36:15.000000Z", .info,
      "dfs.DataNode: x"),
    LineRow(
      "generic", "17/06/09 20:10:40 WARN spark.Security: x", "2017-06-09T20:10:40.000000Z", .warn,
      "spark.Security: x"),
    LineRow(
      "generic", "12-17 16:13:38.811  1702  2395 D Tag: x", "2025-12-17T16:13:38.811000Z", .debug,
      "Tag: x"),
    LineRow(
      "generic", "[10.30 16:49:06] chrome.exe - open", "2025-10-30T16:49:06.000000Z", nil,
      "chrome.exe - open"),
    LineRow("generic", "30.10.2025 16:49:06 ERROR x", "2025-10-30T16:49:06.000000Z", .error, "x"),
    LineRow(
      "generic", "E0102 15:04:05.000006    123 a.go:12] x", "2026-01-02T15:04:05.000006Z", .error,
      "x"),
    LineRow("generic", "1769940000 INFO x", "2026-02-01T10:00:00.000000Z", .info, "x", .epoch),
    LineRow("generic", "1769940000.123 x", "2026-02-01T10:00:00.123000Z", nil, "x", .epoch),
    LineRow("generic", "1769940000123 x", "2026-02-01T10:00:00.123000Z", nil, "x"),
    LineRow(
      "generic", "Feb  1 10:00:00 ERROR x", "2026-02-01T10:00:00.000000Z", .error, "x", .syslog),
    LineRow(
      "generic", "api.log.1 2017-05-16 00:00:00.008 25746 INFO nova x",
      "2017-05-16T00:00:00.008000Z", .info, "nova x", .iso),
    LineRow(
      "generic", "redis-1  | 1:M 25 Apr 2024 05:54:43.946 * bye", "2024-04-25T05:54:43.946000Z",
      nil, "* bye"),
    LineRow(
      "generic", "WARN  [main] 2026-02-01 10:00:00 x", "2026-02-01T10:00:00.000000Z", .warn, "x",
      .iso),
    LineRow(
      "generic", "I, [2026-02-01T10:00:00.123456 #12]  INFO -- : x", "2026-02-01T10:00:00.123456Z",
      .info, "x", .iso),
    LineRow(
      "generic", "# Time: 2021-01-26T23:45:57.678222Z", "2021-01-26T23:45:57.678222Z", nil, "", .iso
    ),
    LineRow(
      "generic", "2022-06-22T10:20:33 \u{1B}[0;31mERROR\u{1B}[0m foo",
      "2022-06-22T10:20:33.000000Z", .error, "\u{1B}[0m foo", .iso),
    LineRow(
      "generic", "2026-02-01T10:00:00Z host app level=\"ERROR\" x", "2026-02-01T10:00:00.000000Z",
      .error, "x", .iso),
    LineRow(
      "generic", "2026-02-01T10:00:00Z the last error was old", "2026-02-01T10:00:00.000000Z", nil,
      "the last error was old", .iso),
    LineRow(
      "generic", "2026-02-01T10:00:00 INFO x\r", "2026-02-01T10:00:00.000000Z", .info, "x", .iso),
    LineRow(
      "generic", "2016-12-31T23:59:60Z INFO leap", "2017-01-01T00:00:00.000000Z", .info, "leap"),
    LineRow(
      "generic", #"2026-02-01T10:00:00Z {"level":"warn","msg":"in json"}"#,
      "2026-02-01T10:00:00.000000Z", .warn, #"{"level":"warn","msg":"in json"}"#, .iso),
    LineRow(
      "generic", #"2026-02-01T10:00:00Z { "msg":"ERROR here", "severity": "DEBUG" }"#,
      "2026-02-01T10:00:00.000000Z", .debug, #"{ "msg":"ERROR here", "severity": "DEBUG" }"#, .iso),
    LineRow(
      "generic", #"2026-02-01T10:00:00Z INFO {"level":"warn"}"#, "2026-02-01T10:00:00.000000Z",
      .info, #"{"level":"warn"}"#, .iso),
    LineRow(
      "generic", #"[2026-02-01T10:00:00Z] app.db: {"level":40,"msg":"FATAL"}"#,
      "2026-02-01T10:00:00.000000Z", .warn, #"app.db: {"level":40,"msg":"FATAL"}"#, .iso),
    LineRow(
      "generic", #"2026-02-01T10:00:00Z got {"level":"warn"} from 10.0.0.1"#,
      "2026-02-01T10:00:00.000000Z", nil, #"got {"level":"warn"} from 10.0.0.1"#, .iso),
    LineRow(
      "generic", #"2026-02-01T10:00:00Z {"level":"warn","msg":"cut of"#,
      "2026-02-01T10:00:00.000000Z", .warn, #"{"level":"warn","msg":"cut of"#, .iso),
    LineRow(
      "cri", #"2026-02-01T10:00:00Z stdout F 2026-02-01 10:00:00 {"msg":"INFO","level":"error"}"#,
      "2026-02-01T10:00:00.000000Z", .error,
      #"2026-02-01 10:00:00 {"msg":"INFO","level":"error"}"#, .iso),
    LineRow(
      "cri",
      "2026-02-01T10:00:00Z stdout F 2026-02-01 10:00:00" + String(repeating: " ", count: 300)
        + "{",
      "2026-02-01T10:00:00.000000Z", nil,
      "2026-02-01 10:00:00" + String(repeating: " ", count: 300) + "{", .iso),
    LineRow("generic", "1969-12-31T23:59:59Z INFO x", "1969-12-31T23:59:59.000000Z", .info, "x"),
    LineRow(
      "generic", "1970-01-01T00:30:00+01:00 INFO x", "1969-12-31T23:30:00.000000Z", .info, "x"),
    LineRow(
      "generic", "1969-12-31T23:30:00-01:00 INFO x", "1970-01-01T00:30:00.000000Z", .info, "x",
      .iso),
    LineRow("generic", "0000-01-01T00:00:00Z INFO x", "0000-01-01T00:00:00.000000Z", .info, "x"),
    LineRow(
      "generic", "9999-12-31T23:59:59Z INFO x", "9999-12-31T23:59:59.000000Z", .info, "x", .iso),
    LineRow(
      "access", #"h - - [31/Dec/9999:23:59:59 -0100] "GET / HTTP/1.1" 200 1"#,
      "0000-01-01T00:59:59.000000Z", .info, nil),
    LineRow("generic", "2026-02-30T10:00:00Z INFO no such day", nil, nil, nil),
    LineRow("generic", "2026-02-01T25:00:00Z INFO no such hour", nil, nil, nil),
    LineRow("generic", "\tat java.lang.Thread.run(Thread.java:748)", nil, nil, nil),
    LineRow("generic", "", nil, nil, nil),
  ]

  static let json = [
    LineRow(
      "json", #"{"time":"2026-02-01T10:00:00Z","level":"warn","msg":"a \"b\""}"#,
      "2026-02-01T10:00:00.000000Z", .warn, #"a \"b\""#, .iso),
    LineRow(
      "json", #"{"ts":1761019822.3152757,"level":"info","msg":"x"}"#, "2025-10-21T04:10:22.315275Z",
      .info, "x", .epoch),
    LineRow("json", #"{"ts":1.769940000123e9,"msg":"x"}"#, "2026-02-01T10:00:00.123000Z", nil, "x"),
    LineRow(
      "json", #"{"time":1769940000123,"level":50,"msg":"x"}"#, "2026-02-01T10:00:00.123000Z",
      .error, "x"),
    LineRow(
      "json", #"{"t":1769940000123456,"level":"E","text":"x"}"#, "2026-02-01T10:00:00.123456Z",
      .error, "x"),
    LineRow(
      "json", #"{"timestamp":1769940000123456789,"severity":"CRITICAL","event":"x"}"#,
      "2026-02-01T10:00:00.123456Z", .fatal, "x"),
    LineRow(
      "json", #"{"@timestamp":"2026-02-01T10:00:00.1Z","log.level":"DEBUG5","message":"x"}"#,
      "2026-02-01T10:00:00.100000Z", .debug, "x", .iso),
    LineRow(
      "json",
      #"{ "__REALTIME_TIMESTAMP" : "1534860261221373", "PRIORITY" : "1", "MESSAGE" : "x" }"#,
      "2018-08-21T14:04:21.221373Z", .fatal, "x"),
    LineRow(
      "json",
      #"{"timestamp":"2025-10-28T19:15:10.821315Z","level":"INFO","fields":{"message":"yaks","n":3}}"#,
      "2025-10-28T19:15:10.821315Z", .info, "yaks", .iso),
    LineRow(
      "json", #"{"ts":"2013-09-06T20:00:48Z","@fields":{"lvl":"TRACE","msg":"x"}}"#,
      "2013-09-06T20:00:48.000000Z", .trace, "x", .iso),
    LineRow(
      "json",
      #"{"timeUnixNano":"1700000000000000000","severityNumber":17,"body":{"stringValue":"x"}}"#,
      "2023-11-14T22:13:20.000000Z", .error, "x"),
    LineRow(
      "json",
      #"{"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1700000000000000000","severityNumber":9,"body":{"stringValue":"x"}}]}]}]}"#,
      "2023-11-14T22:13:20.000000Z", .info, "x"),
    LineRow(
      "json",
      #"{"msg":"first","msg":"second","date":"2020-01-01T00:00:00Z","time":"2026-02-01T10:00:00Z"}"#,
      "2026-02-01T10:00:00.000000Z", nil, "first", .iso),
    LineRow(
      "json",
      #"{"timestamp": "2026-11-21T08:02:04.173037", "level": "ERROR", "message": "boom", "error": null}"#,
      "2026-11-21T08:02:04.173037Z", .error, "boom", .iso),
    LineRow("json", #"{"duration":12,"time":0.023,"n":99999999999999999999999}"#, nil, nil, nil),
    LineRow(
      "json",
      #"{"t":{"$date":"2020-05-01T15:16:17.180+00:00"},"s":"W","c":"NETWORK","id":1,"msg":"x"}"#,
      "2020-05-01T15:16:17.180000Z", .warn, "x", .iso),
    LineRow(
      "json", #"{"time_local":"01/Feb/2026:10:00:00 +0000","@fields":{"status":"200"}}"#,
      "2026-02-01T10:00:00.000000Z", nil, nil, .apache),
    LineRow("json", "{}", nil, nil, nil),
    LineRow(
      "higress",
      #"{"ai_log":"{\"a\":1}","response_code":"200","start_time":"2026-02-01T10:00:00.123Z"}"#,
      "2026-02-01T10:00:00.123000Z", .info, nil, .iso),
    LineRow(
      "higress", #"{"ai_log":"-","response_code":"0","start_time":"2026-02-01T10:00:00Z"}"#,
      "2026-02-01T10:00:00.000000Z", .error, nil, .iso),
    LineRow(
      "higress",
      #"{"ai_log":"{\"q\":\"\\\"start_time\\\":\"}","user_agent":"a"b","start_time":"2026-02-01T10:00:00Z"}"#,
      "2026-02-01T10:00:00.000000Z", nil, nil, .iso),
    LineRow(
      "higress",
      #"{"ai_log":"x","user_agent":"a"b","response_code":"404","start_time":"2026-02-01T10:010:00Z"}"#,
      nil, .warn, nil),
    LineRow(
      "higress", #"{"ai_log":"{}","start_time":"Sun Nov 22 10:00:00 2026"}"#,
      "2026-11-22T10:00:00.000000Z", nil, nil),
    LineRow(
      "json", #"{"time":"Sun, 01 Nov 2026 10:00:00 GMT","msg":"a"}"#,
      "2026-11-01T10:00:00.000000Z", nil, "a"),
    LineRow("json", #"{"time":"Sun Nov 22 10:00:00 2026 or so","msg":"a"}"#, nil, nil, "a"),
    LineRow(
      "higress", #"{"__file_offset__":"1","timestamp":"2026-02-01T09:30:15Z","ai_log":"{}"}"#,
      "2026-02-01T09:30:15.000000Z", nil, nil, .iso),
    LineRow(
      "docker",
      #"{"log":"ERROR: x\r\n","stream":"stderr","time":"2026-02-01T10:00:00.123456789Z"}"#,
      "2026-02-01T10:00:00.123456Z", .error, "ERROR: x", .iso),
    LineRow(
      "docker",
      #"{"log":"2026-02-01 10:00:00 WARN x\n","stream":"stdout","time":"2026-02-01T10:00:00.5Z"}"#,
      "2026-02-01T10:00:00.500000Z", .warn, "2026-02-01 10:00:00 WARN x", .iso),
    LineRow(
      "docker",
      #"{"log":"{\"level\":\"error\",\"msg\":\"x\"}\n","stream":"stdout","time":"2026-02-01T10:00:00Z"}"#,
      "2026-02-01T10:00:00.000000Z", .error, #"{\"level\":\"error\",\"msg\":\"x\"}"#, .iso),
    LineRow(
      "cri", #"2026-02-01T10:00:00Z stdout F {"level":"fatal","msg":"x"}"#,
      "2026-02-01T10:00:00.000000Z", .fatal, #"{"level":"fatal","msg":"x"}"#, .iso),
    LineRow(
      "cri", "2026-02-01T10:00:00Z stdout F E0102 15:04:05.000000 1 a.go:1] x",
      "2026-02-01T10:00:00.000000Z", .error, "E0102 15:04:05.000000 1 a.go:1] x", .iso),
    LineRow(
      "syslog", "Feb  1 10:00:00 host app: time=x level=warn msg=y",
      "2026-02-01T10:00:00.000000Z", .warn, "time=x level=warn msg=y", .syslog),
    LineRow(
      "cri", "2026-02-01T10:00:00.123456789Z stderr F warn: x", "2026-02-01T10:00:00.123456Z",
      .warn, "warn: x", .iso),
    LineRow(
      "cri", "2026-02-01T10:00:00.123456+08:00 stdout F", "2026-02-01T02:00:00.123456Z", nil, "",
      .iso),
  ]

  static let access = [
    LineRow(
      "combined", #"1.2.3.4 - bob [01/Feb/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl""#,
      "2026-02-01T10:00:00.000000Z", .info, nil, .apache),
    LineRow(
      "common", #"::1 - - [01/Feb/2026:10:00:00 -0330] "GET /\"x\" HTTP/1.1" 404 -"#,
      "2026-02-01T13:30:00.000000Z", .warn, nil, .apache),
    LineRow(
      "access", #"1.2.3.4 - - [01/Feb/2026:10:00:00 +0000] "\x16\x03\x01" 400 157 "-" "-""#,
      "2026-02-01T10:00:00.000000Z", .warn, nil, .apache),
    LineRow(
      "access", #"1.2.3.4 - - [01/Feb/2026:10:00:00 +0000] "-" 408 -"#,
      "2026-02-01T10:00:00.000000Z", .warn, nil, .apache),
    LineRow(
      "access",
      #"a.example:443 1.2.3.4 - - [01/Feb/2026:10:00:00 +0000] "GET / HTTP/2" 502 0 "-" "x" 0.012 - id"#,
      "2026-02-01T10:00:00.000000Z", .error, nil, .apache),
    LineRow(
      "access",
      #"[code=200]1.2.3.4 - - [29/Dec/2021:21:56:08 +0800] "PUT /a HTTP/1.1" [code=500] 2085 "-" "x""#,
      "2021-12-29T13:56:08.000000Z", .error, nil, .apache),
    LineRow(
      "access", #"1.2.3.4 - - [01/Feb/2026:10:00:00 +0000] "GET /?q="a" b HTTP/1.1" 200 5"#,
      "2026-02-01T10:00:00.000000Z", .info, nil, .apache),
  ]

  static let others = [
    LineRow(
      "logfmt", #"time="2021-09-15T21:17:10.220731Z" level=error msg="a \"b\" c" n=1"#,
      "2021-09-15T21:17:10.220731Z", .error, #"a \"b\" c"#, .iso),
    LineRow(
      "logfmt", "ts=1769940000.25 lvl=dbg msg=x empty= flag", "2026-02-01T10:00:00.250000Z", .debug,
      "x", .epoch),
    LineRow(
      "syslog", "Dec 31 23:59:59 host sshd[24200]: error: no", "2025-12-31T23:59:59.000000Z",
      .error, "error: no", .syslog),
    LineRow(
      "syslog", "<11>Feb  1 10:00:00 host cron: x", "2026-02-01T10:00:00.000000Z", .error, "x",
      .syslog),
    LineRow(
      "syslog", "<86>2026-02-01T10:00:00.123456+01:00 host su(pam)[1]: x",
      "2026-02-01T09:00:00.123456Z", .info, "x", .iso),
    LineRow(
      "syslog", "Feb 01 10:00:00 host last message repeated 3 times", "2026-02-01T10:00:00.000000Z",
      nil, "last message repeated 3 times"),
    LineRow("syslog", "Feb 25 2019 16:19:38 fw %ASA-6: x", "2019-02-25T16:19:38.000000Z", nil, "x"),
    LineRow(
      "rfc5424",
      #"<165>1 2003-10-11T22:14:15.003Z mymachine app 1 ID47 [a@1 k="v\"]" s="]"][b@2] BOMless"#,
      "2003-10-11T22:14:15.003000Z", .info, "BOMless", .iso),
    LineRow("rfc5424", "<34>1 - host su - - - \u{FEFF}x", nil, .fatal, "x"),
    LineRow("raw", "anything at all", nil, nil, nil),
    LineRow("raw", "WARNING:root:no time here", nil, .warn, nil),
    LineRow("raw", "error handling is hard", nil, nil, nil),
  ]

  /// How loggers write a level, with a time in front where the format needs one.
  static let levels: [(format: String, line: String, severity: Severity?, body: String?)] = [
    ("generic", "2026-02-01 10:00:00 [Error] x", .error, "x"),
    ("generic", "2026-02-01 10:00:00 <Error>: x", .error, "x"),
    ("generic", "2026-02-01 10:00:00 (warn) x", .warn, "x"),
    ("generic", "2026-02-01 10:00:00 lvl=err x", .error, "x"),
    ("generic", "2026-02-01 10:00:00 severity=\"NOTICE\" x", .info, "x"),
    ("generic", "[2026-02-01 10:00:00][E] x", .error, "x"),
    ("generic", "2026-02-01 10:00:00 E/Tag: x", .error, "Tag: x"),
    ("generic", "08-12 10:00:00.000 W/a.Tag-1 (  12): FATAL x", .warn, "a.Tag-1 (  12): FATAL x"),
    ("generic", "2026-02-01 10:00:00.000  1702  2395 E Tag: x", .error, "Tag: x"),
    ("generic", "2026-02-01T10:00:00Z D! [agent] x", .debug, "[agent] x"),
    ("generic", "2026-02-01T10:00:00Z I/O error on sda", nil, "I/O error on sda"),
    ("generic", "2026-02-01T10:00:00Z N/A: no value", nil, "N/A: no value"),
    ("generic", "2026-02-01T10:00:00Z I am here", nil, "I am here"),
    ("raw", "E/AndroidRuntime(  123): x", .error, nil),
    ("raw", "[error] x", .error, nil),
    ("raw", "<3>x", .error, nil),
    ("raw", "<191>x", .debug, nil),
    ("raw", "<192>x", nil, nil),
    ("raw", "I/O: x", nil, nil),
    ("json", #"{"severity":"NOTICE","msg":"x"}"#, .info, "x"),
    ("json", #"{"level":"Err","msg":"x"}"#, .error, "x"),
    ("json", #"{"severity":"EMERGENCY","msg":"x"}"#, .fatal, "x"),
    ("json", #"{"level":"gold","msg":"x"}"#, nil, "x"),
    ("logfmt", "lvl=err msg=x", .error, "x"),
    ("logfmt", "severity=NOTICE msg=x", .info, "x"),
    ("syslog", "<14>Feb  1 10:00:00 h a: ERROR x", .info, "ERROR x"),
    ("syslog", "Feb  1 10:00:00 h nginx: 2026/02/01 10:00:00 [crit] 1#1: x", .fatal, nil),
    ("rfc5424", "<8>1 - h a - - - x", .fatal, "x"),
    ("rfc5424", "<12>1 - h a - - - x", .warn, "x"),
    ("rfc5424", "<191>1 - h a - - - x", .debug, "x"),
    ("cri", "2026-02-01T10:00:00Z stderr F <4>x", .warn, "<4>x"),
    ("cri", "2026-02-01T10:00:00Z stderr F E/Tag: x", .error, "E/Tag: x"),
  ]
}
