import Glibc
import TestSupport
import Testing

/// `sessions --watch` shows what other runs ingest, until it is told to stop.
@Suite struct `Watching sessions` {
  private static func line(_ number: Int, session: String) -> String {
    #"{"timestamp":"\#(LogFolder.time(number))","ai_log":"{\"session_id\":\"\#(session)\",\"model\":\"gpt-4o\","#
      + #"\"input_token\":\#(100 + number),\"output_token\":\#(number)}"}"#
  }

  private static func text(_ path: String) -> String { Command.run("/bin/cat", [path]).output }

  /// Waits for what another process does; its failure ends the wait after a minute at the latest.
  private static func wait(until isTrue: () -> Bool) -> Bool {
    for _ in 0..<60_000 {
      if isTrue() { return true }
      usleep(1000)
    }
    return false
  }

  private static func end(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    kill(process, SIGINT)
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  private static func start(_ logs: LogFolder, _ arguments: [String], output: Int32) -> pid_t {
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    return Command.spawn(
      Logbook.binary, arguments, input: null, output: output, errorOutput: null,
      environment: logs.logbook.environment)
  }

  @Test func `where no terminal is, each change is a row`() {
    let logs = LogFolder()
    logs.append("app.log", records: [Self.line(1, session: "a"), Self.line(2, session: "b")])
    logs.ingest()
    let path = logs.logbook.scratch.file("out")
    let output = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    let process = Self.start(logs, ["sessions", "--watch", "--format", "ndjson"], output: output)
    close(output)
    #expect(Self.wait { Self.text(path).count { $0.isNewline } == 2 })
    logs.append("app.log", records: [Self.line(3, session: "a"), Self.line(4, session: "c")])
    logs.ingest()
    #expect(Self.wait { Self.text(path).count { $0.isNewline } == 4 })
    #expect(Self.end(process) == 130)
    let rows = Self.text(path).split(whereSeparator: \.isNewline).map { row in
      row.split(separator: ",").filter {
        $0.contains(#""session""#) || $0.contains(#""turns""#)
      }.joined(separator: " ")
    }
    #expect(
      rows == [
        #"{"session":"a" "turns":1"#, #"{"session":"b" "turns":1"#, #"{"session":"a" "turns":2"#,
        #"{"session":"c" "turns":1"#,
      ])
  }

  @Test func `at a terminal the table is painted anew`() {
    let logs = LogFolder()
    logs.append("app.log", records: [Self.line(1, session: "first")])
    logs.ingest()
    let terminal = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname are made of.
    var (lock, number): (CInt, CInt) = (0, -1)
    _ = unsafe ioctl(terminal, 0x4004_5431, &lock)
    _ = unsafe ioctl(terminal, 0x8004_5430, &number)
    let output = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    #expect(output >= 0)
    _ = fcntl(terminal, F_SETFL, O_NONBLOCK)
    let process = Self.start(logs, ["sessions", "--watch"], output: output)
    var shown = ""
    func isShown(_ text: String) -> Bool {
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe read(terminal, &bytes, bytes.count)
      if count > 0 { shown += String(decoding: bytes[..<count], as: UTF8.self) }
      return shown.contains(text)
    }
    #expect(Self.wait { isShown("first") })
    logs.append("app.log", records: [Self.line(2, session: "second")])
    logs.ingest()
    #expect(Self.wait { isShown("second") })
    #expect(Self.end(process) == 130)
    close(output)
    close(terminal)
    let screens = shown.components(separatedBy: "\u{1B}[H\u{1B}[2J")
    #expect(screens.count == 3)
    #expect(screens.last?.contains("first") ?? false)
  }

  @Test func `it ends without a store as other commands do`() {
    let logs = LogFolder()
    let outcome = logs.run(["sessions", "--watch"])
    #expect(outcome.status == 74 && outcome.errorOutput.hasPrefix("logbook: "))
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let place = rest.firstRange(of: separator) {
      parts.append(String(rest[..<place.lowerBound]))
      rest = rest[place.upperBound...]
    }
    return parts + [String(rest)]
  }
}
