import Collecting
import TestSupport
import Testing

@Suite struct `A host` {
  @Test(
    arguments: [
      (
        "system.memory",
        [
          "system.memory_buffers_mb 100.0", "system.memory_cached_mb 2000.0",
          "system.memory_available_mb 4096.0", "system.memory_total_mb 8192.0",
          "system.memory_used_mb 4096.0", "system.memory_percent 50.0",
        ]
      ),
      (
        "system.swap",
        [
          "system.swap_total_mb 1024.0", "system.swap_used_mb 512.0", "system.swap_percent 50.0",
        ]
      ),
      (
        "system.load",
        [
          "system.load_average 1 0.52", "system.load_average 5 1.25", "system.load_average 15 2.0",
        ]
      ),
      (
        "system.process",
        [
          "system.process_running_count 3.0", "system.process_blocked_count 1.0",
          "system.process_count 3.0",
        ]
      ),
      ("system.uptime", ["system.uptime_seconds 1000.0"]),
      ("system.cpu", []), ("system.network", []),
      (
        "logbook",
        [
          "logbook.memory_peak_mb 20.0", "logbook.memory_mb 10.0", "logbook.threads 3.0",
          "logbook.cpu_seconds 1.5", "logbook.open_files 2.0",
        ]
      ),
    ] as [(String, [String])])
  func `says what its files say`(_ prefix: String, _ expected: [String]) {
    #expect(HostFolder().reading().levels(prefix) == expected)
  }

  @Test func `has a disk once, and none of a network or of the kernel`() {
    let paths = Set(HostFolder().reading().levels.filter { $0.metric == .diskTotal }.map(\.label))
    #expect(paths == ["/data one"])
    for level in HostFolder().reading().levels where level.metric == .diskUsagePercent {
      #expect(level.value >= 0 && level.value <= 100)
    }
  }

  @Test func `has rates from the second look on`() {
    let host = HostFolder()
    let first = host.reading(at: 100)
    host.write("proc/uptime", "1010.50 1.00\n")
    host.write(
      "proc/stat",
      "cpu 200 0 100 850 50 0 0 0\ncpu0 110 0 70 400 20 0 0 0\ncpu1 40 0 30 500 30 0 0 0\n")
    host.write("proc/diskstats", "253 0 vda 150 0 3000 9 210 0 4000 9 0 3000 9\n")
    host.write("proc/net/dev", "eth0: 6000 60 1 2 0 0 0 0 2500 25 13 4 0 0 0 0\n")
    // The clock was set in between: uptime tells how long it was.
    #expect(
      host.reading(at: 5000).rates(since: first) == [
        "system.cpu_percent 75.0", "system.cpu_core_percent 0 100.0",
        "system.cpu_core_percent 1 0.0", "system.disk_reads_rate vda 5.0",
        "system.disk_bytes_read_rate vda 51200.0", "system.disk_writes_rate vda 1.0",
        "system.disk_bytes_written_rate vda 0.0", "system.disk_busy_percent vda 25.0",
        "system.network_bytes_recv_rate eth0 500.0", "system.network_packets_recv_rate eth0 5.0",
        "system.network_bytes_sent_rate eth0 50.0", "system.network_packets_sent_rate eth0 0.5",
        "system.network_errors_rate eth0 1.0", "system.network_drops_rate eth0 0.0",
      ])
  }

  @Test(
    arguments: [
      (
        "a reset", "eth0: 10 20 1 2 0 0 0 0 2500 25 3 4\n",
        ["packets_recv_rate eth0 1.0", "bytes_sent_rate eth0 50.0", "packets_sent_rate eth0 0.5"]
      ),
      ("a new interface", "veth1: 10 20 1 2 0 0 0 0 2500 25 3 4\n", []),
      ("no interface", "", []),
      ("fewer numbers", "eth0: 2000 20 1\n", []),
      ("no numbers", "eth0: a b c d e f g h i j k l\n", []),
      (
        "a negative number", "eth0: -1 20 1 2 0 0 0 0 2500 25 3 4\n",
        ["packets_recv_rate eth0 1.0", "bytes_sent_rate eth0 50.0", "packets_sent_rate eth0 0.5"]
      ),
      (
        "numbers beyond all",
        "eth0: 99999999999999999999 20 1 2 0 0 0 0 9223372036854775808 25 3 4\n",
        ["packets_recv_rate eth0 1.0", "packets_sent_rate eth0 0.5"]
      ),
      ("a name without an end", String(repeating: "e", count: 100_000), []),
      ("NULs", "eth0\0: 1 1\0 1 1\n\0\0\n", []),
    ] as [(String, String, [String])])
  func `has only rates that are so`(_ what: String, _ text: String, _ expected: [String]) {
    let host = HostFolder()
    let first = host.reading(at: 100)
    host.remove("proc/uptime")
    host.write("proc/net/dev", text)
    let rates = host.reading(at: 110).rates(since: first, "system.network")
      .filter { !$0.contains("errors") && !$0.contains("drops") }
    #expect(rates == expected.map { "system.network_" + $0 }, "\(what)")
  }

  @Test func `has no rates over its own start, nor of no time`() {
    let host = HostFolder()
    let first = host.reading(at: 100)
    #expect(host.reading(at: 100).rates(since: first).isEmpty)
    host.write("proc/uptime", "3.00 1.00\n")
    #expect(host.reading(at: 160).rates(since: first).isEmpty)
  }

  @Test(arguments: [
    "proc/stat", "proc/loadavg", "proc/meminfo", "proc/net/dev", "proc/diskstats", "proc/1/mounts",
    "proc/uptime", "proc/self/stat", "proc/self/status",
  ])
  func `loses with a file only what it says`(_ name: String) {
    let whole = HostFolder().reading()
    let metrics = Set(whole.levels.map(\.metric)).union(whole.counters.map(\.metric))
    let lost = [
      "proc/stat": ["system.cpu", "system.process_running", "system.process_blocked"],
      "proc/loadavg": ["system.load"], "proc/meminfo": ["system.memory", "system.swap"],
      "proc/net/dev": ["system.network"],
      "proc/diskstats": [
        "system.disk_reads", "system.disk_writes", "system.disk_bytes", "system.disk_busy",
      ],
      "proc/1/mounts": [
        "system.disk_usage", "system.disk_total", "system.disk_used", "system.disk_free",
        "system.disk_inodes",
      ],
      "proc/uptime": ["system.uptime"], "proc/self/stat": ["logbook.cpu"],
      "proc/self/status": ["logbook.memory", "logbook.threads"],
    ]
    let bytes = [
      "", "\n\n\n", ":", " : : : ", "\u{0}\u{FFFF}", "cpu\n", "/ / /\n", "1 2 3 4 5 6\n",
    ]
    for text in bytes + ["gone"] {
      let host = HostFolder()
      if text == "gone" { host.remove(name) } else { host.write(name, text) }
      let reading = host.reading()
      let left = Set(reading.levels.map(\.metric)).union(reading.counters.map(\.metric))
      let missing = metrics.subtracting(left).map(\.rawValue)
      let strangers = missing.filter { metric in
        !(lost[name] ?? []).contains { metric.hasPrefix($0) }
      }
      #expect(strangers.isEmpty, "\(name): \(text)")
      #expect(left.isSubset(of: metrics))
    }
  }

  @Test func `goes on where a disk has vanished`() {
    let host = HostFolder()
    host.remove("data one")
    let levels = host.reading().levels
    // The same disk is still seen elsewhere.
    #expect(levels.filter { $0.metric == .diskTotal }.map(\.label) == ["/elsewhere"])
    host.remove("elsewhere")
    #expect(host.reading().levels("system.disk").isEmpty)
    #expect(!host.reading().levels("system.memory").isEmpty)
  }

  @Test func `has no metric that the page does not explain`() {
    let page = Command.run("cat", [Repository.root + "/docs/METRICS.md"]).output
    for metric in HostMetric.allCases {
      #expect(page.contains("`\(metric.rawValue)`"), "\(metric.rawValue)")
    }
  }

  @Test func `looks at no more than so many things`() {
    let host = HostFolder()
    let names = (0..<5000).map { "if\($0): 1 1 1 1 1 1 1 1 1 1 1 1\n" }.joined()
    host.write("proc/net/dev", names)
    host.write("proc/stat", (0..<5000).map { "cpu\($0) 1 1 1 1\n" }.joined())
    let counters = host.reading().counters
    #expect(counters.filter { $0.metric == .bytesSent }.count == 512)
    #expect(counters.filter { $0.metric == .coreCPUPercent }.count == 512)
  }
}
