import Glibc
import TestSupport
import Testing

/// `ingest --follow` reads what is written while it runs, until it is told to end.
@Suite struct `Following files` {
  /// The running command, with what it has printed.
  private final class Follower {
    let logs: LogFolder
    private let process: pid_t
    private let output: String

    init(_ logs: LogFolder, _ arguments: String..., notifies socket: String? = nil) {
      self.logs = logs
      output = logs.logbook.scratch.file("follow.out")
      let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
      let file = unsafe open(output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
      var environment = logs.logbook.environment
      environment["NOTIFY_SOCKET"] = socket
      process = Command.spawn(
        Logbook.binary, ["ingest", "--follow"] + arguments, input: null, output: file,
        errorOutput: file, environment: environment, directory: logs.logbook.scratch.path)
      close(file)
      close(null)
    }

    var text: String { Command.run("/bin/cat", [output]).output }

    func signal(_ number: Int32) { kill(process, number) }

    /// Its exit status, once it has ended by itself.
    func end() -> Int32 {
      var status: Int32 = 0
      kill(process, SIGTERM)
      while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
      return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// Waits for what it does; a minute at most.
    func wait(
      until isTrue: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      for _ in 0..<600 {
        if isTrue() { return }
        usleep(100_000)
      }
      Issue.record("nothing came of it: \(text)", sourceLocation: sourceLocation)
    }

    func wait(forLines count: Int, sourceLocation: SourceLocation = #_sourceLocation) {
      wait(
        until: { logs.run(["search", "--count"]).output == "\(count)\n" },
        sourceLocation: sourceLocation)
    }
  }

  @Test func `what is appended, rotated and made is read, each line once`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: logs/**/*.log*}]\n"
    logs.append("app.log", 3)
    // So seldom that only what is noticed is read.
    let follower = Follower(logs, "--interval", "1h")
    follower.wait(forLines: 3)
    logs.append("app.log", 2)
    follower.wait(forLines: 5)
    logs.shell("mv app.log app.log.1")
    logs.append("app.log", 4)
    follower.wait(forLines: 9)
    logs.shell("cp app.log app.log.2; : > app.log")
    logs.append("app.log", 1)
    follower.wait(forLines: 10)
    #expect(follower.end() == 0)
    logs.ingest()
    #expect(logs.stored().sorted() == logs.expected.sorted())
    logs.expectVerified()
  }

  @Test func `a folder that comes later is looked into`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/*/*.log'}]\n"
    logs.shell("mkdir a")
    logs.append("a/app.log", 1)
    let follower = Follower(logs, "--interval", "2s")
    follower.wait(forLines: 1)
    logs.shell("mkdir b")
    logs.append("b/app.log", 2)
    follower.wait(forLines: 3)
    #expect(follower.end() == 0)
  }

  @Test func `the configuration is read again when SIGHUP asks for it`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: logs/app.log}]\n"
    logs.append("app.log", 1)
    logs.append("shop.log", 2)
    let follower = Follower(logs, "--interval", "1h")
    follower.wait(forLines: 1)
    logs.configuration = "sources: ["
    follower.signal(SIGHUP)
    follower.wait { follower.text.contains("logbook.yaml:") }
    logs.configuration =
      "sources: [{name: app, path: logs/app.log}, {name: shop, path: logs/shop.log}]\n"
    follower.signal(SIGHUP)
    follower.wait(forLines: 3)
    #expect(follower.end() == 0)
  }

  @Test func `another run is waited for`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: logs/app.log}]\n"
    logs.append("app.log", 1)
    logs.ingest()
    let lock = unsafe open(logs.logbook.database + ".run.lock", O_RDWR | O_CLOEXEC)
    #expect(flock(lock, LOCK_EX) == 0)
    let follower = Follower(logs, "--interval", "1s")
    follower.wait { follower.text.contains("another run") }
    close(lock)
    logs.append("app.log", 1)
    follower.wait(forLines: 2)
    #expect(follower.end() == 0)
  }

  @Test func `what is wrong is told once`() {
    let logs = LogFolder()
    logs.append("app.log", 1)
    logs.shell("printf '\\037\\213\\010garbage' > broken.gz")
    let follower = Follower(logs, "--interval", "1s", logs.path)
    follower.wait(forLines: 1)
    for count in 2...4 {
      logs.append("app.log", 1)
      follower.wait(forLines: count)
    }
    #expect(follower.end() == 0)
    let told = follower.text.split(separator: "\n").filter { $0.contains("broken.gz") }
    #expect(told.count == 1, "\(follower.text)")
  }

  @Test func `a folder that takes the place of one that was renamed is looked into`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/a/*.log'}]\n"
    logs.shell("mkdir a")
    logs.append("a/app.log", 1)
    let follower = Follower(logs, "--interval", "1h")
    follower.wait(forLines: 1)
    logs.shell("mkdir c; mv a b; mv c a")
    logs.append("a/other.log", 2)
    follower.wait(forLines: 3)
    #expect(follower.end() == 0)
  }

  @Test func `systemd is told when it is ready, reloads and ends`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: logs/app.log}]\n"
    logs.append("app.log", 1)
    let socket = logs.logbook.scratch.file("notify")
    let heard = logs.logbook.scratch.file("heard")
    let script = """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); s.settimeout(60)
      with open(sys.argv[2], "w") as f:
          while True:
              text = s.recv(4096).decode(); f.write(text); f.flush()
              if "STOPPING" in text: break
      """
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    let listener = Command.spawn(
      "/usr/bin/python3", ["-c", script, socket, heard], input: null, output: null,
      errorOutput: null, environment: [:])
    close(null)
    while unsafe access(socket, F_OK) != 0 { usleep(1000) }
    let follower = Follower(logs, "--interval", "1h", notifies: socket)
    func said(_ text: String) -> Bool { Command.run("/bin/cat", [heard]).output.contains(text) }
    follower.wait { said("READY=1\nSTATUS=following 1 file\n") }
    follower.signal(SIGHUP)
    follower.wait { said("RELOADING=1\nMONOTONIC_USEC=") }
    #expect(follower.end() == 0)
    var status: Int32 = 0
    while unsafe waitpid(listener, &status, 0) < 0 && errno == EINTR {}
    #expect(status == 0 && said("STOPPING=1\n"))
  }

  @Test(arguments: [
    ["--follow", "--dry-run", "x"], ["--follow", "-"], ["--interval", "0s", "x"],
  ])
  func `what makes no sense is said`(arguments: [String]) {
    let outcome = LogFolder().run(["ingest"] + arguments)
    #expect(outcome.status == 2 && outcome.errorOutput.hasPrefix("logbook: "))
  }
}
