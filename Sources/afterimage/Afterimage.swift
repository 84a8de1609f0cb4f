// SPDX-License-Identifier: MIT
import ArgumentParser

@main
struct Afterimage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "afterimage",
        abstract: "A memory for what a home-security system has seen.")
}
