import Ingestion
import LogModel
import Storage
import TestSupport
import Testing

/// A host with processors, disks and interfaces that come, go and begin anew, and what its looks must leave in a store.
private struct StoredHost {
  struct Series: Hashable, CustomStringConvertible {
    var metric: String
    var label: String
    var description: String { "\(metric) \(label)" }
  }

  /// By name: eight numbers of an interface, five of a disk, eight of a processor.
  private var interfaces: [String: [Int64]] = [:]
  private var disks: [String: [Int64]] = [:]
  private var processors: [String: [Int64]] = [:]
  private var uptime: Int64 = 1_000_000
  private(set) var clock: Int64 = 1_772_445_600_123_456
  /// Of the look before: counters, of what each is a part, and how long after the start.
  private var last: [Series: (value: Int64, whole: Int64?)] = [:]
  private var lastUptime: Int64?
  private(set) var samples: [Series: [Int64: Double]] = [:]

  mutating func happen(_ random: inout SeededRandom) {
    let hundredths = Int64.random(in: 1...12_000, using: &random)
    uptime += hundredths
    clock += hundredths * 10_000
    // Somebody sets the clock, back as well; or the host is started anew.
    if Int.random(in: 0..<15, using: &random) == 0 { clock -= 90_000_000 }
    if Int.random(in: 0..<15, using: &random) == 0 {
      uptime = Int64.random(in: 1...uptime, using: &random)
      (interfaces, disks, processors) = ([:], [:], [:])
    }
    for name in ["eth0", "wlan1", "veth-a"] {
      Self.change(&interfaces[name], count: 8, most: 3_000_000_000, &random)
    }
    for name in ["vda", "nvme0n1"] {
      Self.change(&disks[name], count: 5, most: 30_000, &random)
    }
    for name in ["cpu", "cpu0", "cpu1", "cpu17"] {
      Self.change(&processors[name], count: 8, most: 5000, &random)
    }
  }

  /// It goes, comes, begins anew, stands still, or goes on.
  private static func change(
    _ counters: inout [Int64]?, count: Int, most: Int64, _ random: inout SeededRandom
  ) {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: counters = nil
    case 1, 2: counters = (0..<count).map { _ in Int64.random(in: 0...most, using: &random) }
    case 3: break
    default: counters = counters?.map { $0 + Int64.random(in: 0...most, using: &random) }
    }
  }

  func write(to host: HostFolder) {
    let part = uptime % 100
    host.write("proc/uptime", "\(uptime / 100).\(part < 10 ? "0" : "")\(part) 0\n")
    func joined(_ numbers: some Sequence<Int64>) -> String {
      numbers.map { " \($0)" }.joined()
    }
    func zeros(_ count: Int) -> String { joined(repeatElement(0, count: count)) }
    host.write(
      "proc/net/dev",
      interfaces.map {
        "\($0):\(joined($1.prefix(4)))\(zeros(4))\(joined($1.suffix(4)))\(zeros(4))\n"
      }.joined())
    host.write(
      "proc/diskstats",
      disks.map {
        "8 0 \($0) \($1[0]) 0 \($1[1]) 0 \($1[2]) 0 \($1[3]) 0 0 \($1[4]) 0\n"
      }.joined())
    host.write("proc/stat", processors.map { "\($0)\(joined($1)) 0 0\n" }.joined())
  }

  /// What a look must add.
  mutating func looked() {
    var counters: [Series: (value: Int64, whole: Int64?)] = [:]
    for (name, numbers) in interfaces {
      for (metric, value) in [
        ("bytes_recv", numbers[0]), ("packets_recv", numbers[1]),
        ("errors", numbers[2] + numbers[6]), ("drops", numbers[3] + numbers[7]),
        ("bytes_sent", numbers[4]), ("packets_sent", numbers[5]),
      ] {
        let series = Series(
          metric: "system.network_\(metric)_rate", label: #"{"interface":"\#(name)"}"#)
        counters[series] = (value, nil)
      }
    }
    for (name, numbers) in disks {
      for (metric, value) in zip(
        ["reads_rate", "bytes_read_rate", "writes_rate", "bytes_written_rate", "busy_percent"],
        numbers)
      {
        counters[Series(metric: "system.disk_\(metric)", label: #"{"device":"\#(name)"}"#)] = (
          value, nil
        )
      }
    }
    for (name, numbers) in processors {
      let series =
        name == "cpu"
        ? Series(metric: "system.cpu_percent", label: "{}")
        : Series(metric: "system.cpu_core_percent", label: #"{"cpu":"\#(name.dropFirst(3))"}"#)
      let whole = numbers.reduce(0, +)
      counters[series] = (whole - numbers[3] - numbers[4], whole)
    }
    for (series, counter) in counters {
      if let value = rate(series, counter) {
        samples[series, default: [:]][clock - clock % 1_000_000] = value
      }
    }
    (last, lastUptime) = (counters, uptime)
  }

  private func rate(_ series: Series, _ counter: (value: Int64, whole: Int64?)) -> Double? {
    guard let lastUptime, uptime >= lastUptime, let before = last[series],
      counter.value >= before.value
    else { return nil }
    let more = Double(counter.value - before.value)
    var value: Double
    if let whole = counter.whole, let then = before.whole {
      guard whole > then else { return nil }
      value = 100 * more / Double(whole - then)
    } else {
      guard uptime - lastUptime >= 50 else { return nil }
      value = more / (Double(uptime - lastUptime) / 100)
      if series.metric.contains("bytes_read") || series.metric.contains("bytes_written") {
        value *= 512
      }
      if series.metric.hasSuffix("busy_percent") { value *= 0.1 }
    }
    if series.metric.hasSuffix("percent") { value = min(100, value) }
    return (value * 100).rounded() / 100
  }
}

@Suite struct `Samples of a host` {
  @Test(arguments: UInt64(1)...8)
  func `are those of its counters, in one run or in many`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let folder = HostFolder()
    folder.write("sys/block/vda/size", "1\n")
    _ = Command.run("mkdir", ["-p", folder.scratch.file("sys/block/nvme0n1")])
    let scratch = Scratch()
    let path = scratch.file("logbook.db")
    var host = StoredHost()
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      let store = try Store.openForWriting(path: path, now: 1)
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        host.happen(&random)
        host.write(to: folder)
        _ = try HostSampling.sample(
          root: Path(folder.scratch.path), as: "box", now: host.clock, into: store)
        host.looked()
      }
      try store.finish()
    }
    let rows = Command.run(
      "sqlite3",
      [
        path,
        """
        SELECT metric, labels, time_us, value FROM samples WHERE metric LIKE '%\\_rate' ESCAPE '\\'
          OR metric LIKE 'system.cpu%' OR metric = 'system.disk_busy_percent'
        """,
      ])
    #expect(rows.status == 0, "\(rows.errorOutput)")
    var found: [StoredHost.Series: [Int64: Double]] = [:]
    for row in rows.output.split(separator: "\n").map({ $0.split(separator: "|") }) {
      let series = StoredHost.Series(metric: String(row[0]), label: String(row[1]))
      found[series, default: [:]][Int64(row[2]) ?? 0] = Double(row[3])
    }
    #expect(Set(found.keys) == Set(host.samples.keys), "SEED=\(seed)")
    for (series, samples) in host.samples {
      let others = found[series] ?? [:]
      #expect(Set(others.keys) == Set(samples.keys), "SEED=\(seed): \(series)")
      for (time, value) in samples {
        // The last decimal may be rounded either way.
        #expect(
          abs((others[time] ?? -1) - value) <= 0.0101 + value * 1e-12,
          "SEED=\(seed): \(series) at \(time)")
      }
    }
  }
}
