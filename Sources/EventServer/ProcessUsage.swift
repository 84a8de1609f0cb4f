// SPDX-License-Identifier: MIT
internal import Foundation

/// What this process takes of the machine, read from `/proc/self`.
struct ProcessUsage: Sendable {
    /// Bytes of memory that are in use now.
    let residentBytes: Int
    /// Seconds of processor time, user and system.
    let processorSeconds: Double
    /// Open files and connections.
    let openDescriptors: Int
    /// Threads.
    let threads: Int

    /// The usage at this moment; zero for what cannot be read.
    static var current: ProcessUsage {
        // After the name in parentheses, which may hold spaces, the state is field 3 of proc(5).
        let stat = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? ""
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ").dropFirst()
        func field(_ number: Int) -> Int {
            fields.dropFirst(number - 3).first.flatMap { Int($0) } ?? 0
        }
        let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return ProcessUsage(
            residentBytes: field(24) * sysconf(Int32(_SC_PAGESIZE)),
            processorSeconds: Double(field(14) + field(15)) / ticks,
            openDescriptors: descriptors?.count ?? 0, threads: field(20))
    }
}
