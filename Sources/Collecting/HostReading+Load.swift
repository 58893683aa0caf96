import LogModel

// Processors, memory and processes.

extension HostReading {
  /// From `proc/stat`: time in hundredths of a second as user, nice, system, idle, iowait, irq, softirq, steal.
  mutating func readProcessors(_ files: HostFiles) {
    var cores = 0
    for words in files.lines("proc/stat") {
      guard let name = words.first else { continue }
      let numbers = words.dropFirst().prefix(8).map { HostFiles.integer($0) }
      switch HostFiles.text(name.prefix(16)) {
      case "procs_running": add(.processesRunning, numbers.first.flatMap { $0.map { Double($0) } })
      case "procs_blocked": add(.processesBlocked, numbers.first.flatMap { $0.map { Double($0) } })
      case "cpu": count(Self.busy(.cpuPercent, "", numbers))
      case let text where text.hasPrefix("cpu") && cores < Self.maxEntries:
        let core = text.dropFirst(3)
        guard HostFiles.integer(Array(core.utf8)) != nil else { continue }
        cores += 1
        count(Self.busy(.coreCPUPercent, String(core), numbers))
      default: continue
      }
    }
  }

  private static func busy(
    _ metric: HostMetric, _ label: String, _ numbers: [Int64?]
  ) -> Counter? {
    let times = numbers.compactMap { $0 }
    guard times.count == numbers.count, times.count >= 4 else { return nil }
    var whole: Int64 = 0
    for time in times {
      let (sum, isTooLarge) = whole.addingReportingOverflow(time)
      guard !isTooLarge else { return nil }
      whole = sum
    }
    let idle = times[3] + (times.count > 4 ? times[4] : 0)
    return Counter(metric, label, whole - idle, of: whole)
  }

  mutating func readLoad(_ files: HostFiles) {
    guard let words = files.lines("proc/loadavg").first, words.count >= 3 else { return }
    for (minutes, word) in zip(["1", "5", "15"], words) {
      add(.loadAverage, minutes, HostFiles.real(word))
    }
  }

  /// From `proc/meminfo`, in KiB.
  mutating func readMemory(_ files: HostFiles) {
    var kibibytes: [String: Double] = [:]
    for words in files.lines("proc/meminfo") where words.count >= 2 {
      guard let number = HostFiles.integer(words[1]) else { continue }
      kibibytes[HostFiles.text(words[0].prefix(32))] = Double(number)
    }
    func mebibytes(_ name: String) -> Double? { kibibytes[name + ":"].map { $0 / 1024 } }
    let buffers = mebibytes("Buffers")
    let cached = mebibytes("Cached")
    add(.memoryBuffers, buffers)
    add(.memoryCached, cached)
    // Kernels before 3.14 do not say what is available.
    let available =
      mebibytes("MemAvailable") ?? mebibytes("MemFree").map { $0 + (buffers ?? 0) + (cached ?? 0) }
    add(.memoryAvailable, available)
    if let total = mebibytes("MemTotal"), total > 0 {
      add(.memoryTotal, total)
      if let available, available <= total {
        add(.memoryUsed, total - available)
        add(.memoryPercent, 100 * (total - available) / total)
      }
    }
    guard let swap = mebibytes("SwapTotal"), let free = mebibytes("SwapFree"), free <= swap else {
      return
    }
    add(.swapTotal, swap)
    add(.swapUsed, swap - free)
    if swap > 0 { add(.swapPercent, 100 * (swap - free) / swap) }
  }

  mutating func readProcesses(_ files: HostFiles) {
    let processes = files.names("proc")?.count { HostFiles.integer($0) != nil } ?? 0
    if processes > 0 { add(.processCount, Double(processes)) }
  }

  /// Of the process that reads: `proc/self`.
  mutating func readSelf(_ files: HostFiles) {
    for words in files.lines("proc/self/status") where words.count >= 2 {
      guard let number = HostFiles.integer(words[1]) else { continue }
      switch HostFiles.text(words[0].prefix(16)) {
      case "VmRSS:": add(.ownMemory, Double(number) / 1024)
      case "VmHWM:": add(.ownPeakMemory, Double(number) / 1024)
      case "Threads:": add(.ownThreads, Double(number))
      default: continue
      }
    }
    // Behind the name, which may hold blanks and parentheses, the 12th and 13th are hundredths of a second.
    if let stat = files.contents("proc/self/stat"), let end = stat.lastIndex(of: 0x29) {
      let words = stat[(end + 1)...].split { $0 == 0x20 || $0 == 0x0A }
      if words.count > 12, let user = HostFiles.integer(words[11]),
        let system = HostFiles.integer(words[12])
      {
        add(.ownCPU, (Double(user) + Double(system)) / 100)
      }
    }
    if let open = files.names("proc/self/fd") {
      add(.ownFiles, Double(open.count { HostFiles.integer($0) != nil }))
    }
  }
}
