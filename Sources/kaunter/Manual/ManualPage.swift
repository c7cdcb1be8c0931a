import KaunterServer

/// A command's page of section 1, in the macros of man(7), which every `man` can show.
struct ManualPage {
    private let command: CommandTree
    /// The page of the program or group that the command belongs to.
    private let parent: String?

    init(_ command: CommandTree) {
        self.command = command
        self.parent = command.superCommands.flatMap { $0.isEmpty ? nil : $0.joined(separator: "-") }
    }

    /// The file's name.
    var file: String { "\(command.page).1" }

    /// The whole page. It bears no date, so that one program always makes the same one.
    var text: String {
        var lines = [
            ".TH \(Roff.quoted(command.page.uppercased())) 1 \"\" "
                + "\(Roff.quoted("Kaunter \(KaunterVersion.text)")) \"Kaunter\"",
            ".SH NAME", "\(Roff.text(command.page)) \\- \(Roff.text(abstract))",
            ".SH SYNOPSIS", ".nh",
        ]
        lines += synopsis
        lines.append(".hy")
        if let discussion = command.discussion, !discussion.isEmpty {
            lines.append(".SH DESCRIPTION")
            lines += Self.paragraphs(of: discussion)
        }
        lines += commands
        lines += options
        lines += seeAlso
        return lines.joined(separator: "\n") + "\n"
    }

    /// Without its full stop, as the lists of `apropos` are written.
    private var abstract: String {
        let text = command.abstract ?? ""
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private var synopsis: [String] {
        var lines = [".B \(Roff.text(command.call))"]
        if !command.shownSubcommands.isEmpty { lines.append("\\fIcommand\\fR") }
        for argument in command.shownArguments where !argument.isHelp {
            let words = argument.synopsis
            lines.append(argument.isOptional ? "[\(words)]" : words)
        }
        return lines
    }

    private var commands: [String] {
        let subcommands = command.shownSubcommands
        guard !subcommands.isEmpty else { return [] }
        return [".SH COMMANDS"]
            + subcommands.flatMap { each in
                [".TP", Roff.reference(each.page), Roff.text(each.abstract ?? "")]
            }
    }

    private var options: [String] {
        let arguments = command.shownArguments
        guard !arguments.isEmpty else { return [] }
        return [".SH OPTIONS"]
            + arguments.flatMap { each in
                [".TP", each.term, Roff.text(each.abstract ?? each.valueName ?? "")]
            }
    }

    private var seeAlso: [String] {
        guard let parent else { return [] }
        return [".SH SEE ALSO", Roff.reference(parent)]
    }

    /// What is indented is an example, and keeps its lines.
    private static func paragraphs(of text: String) -> [String] {
        var lines: [String] = []
        var isExample = false
        var begins = true
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indented = line.hasPrefix("  ")
            if isExample, !indented {
                lines += [".fi", ".RE"]
                isExample = false
                begins = true
            }
            if line.allSatisfy(\.isWhitespace) {
                begins = true
            } else if indented {
                if !isExample { lines += [".RS 4", ".nf"] }
                isExample = true
                lines.append(Roff.text(String(line.drop { $0 == " " })))
            } else {
                if begins, !lines.isEmpty { lines.append(".PP") }
                begins = false
                lines.append(Roff.text(String(line)))
            }
        }
        if isExample { lines += [".fi", ".RE"] }
        return lines
    }
}

extension CommandTree.Argument {
    fileprivate var isHelp: Bool { names?.contains { $0.name == "help" } ?? false }

    private var value: String { "\\fI\(Roff.text(valueName ?? "value"))\\fR" }

    private var dots: String { isRepeating ? " ..." : "" }

    /// As it is written in a call.
    fileprivate var synopsis: String {
        guard !isPositional, let name = (names?.first { $0.kind == "long" } ?? names?.first)
        else { return value + dots }
        let word = "\\fB\(Roff.text(name.text))\\fR"
        return takesValue ? "\(word) \(value)\(dots)" : word
    }

    /// As it is listed.
    fileprivate var term: String {
        guard !isPositional else { return value }
        let words = (names ?? []).map { "\\fB\(Roff.text($0.text))\\fR" }.joined(separator: ", ")
        return takesValue ? "\(words) \(value)" : words
    }
}

/// Text in the language of troff.
private enum Roff {
    /// Text that stands for itself: no character of it is a request, an escape or a hyphen that
    /// could be broken or copied as another one.
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\(rs"
            case "-": result += "\\-"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case "`": result += "\\(ga"
            case "'": result += "\\(aq"
            default:
                if scalar.isASCII {
                    result.unicodeScalars.append(scalar)
                } else {
                    let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
                    let zeros = String(repeating: "0", count: max(0, 4 - hexadecimal.count))
                    result += "\\[u\(zeros)\(hexadecimal)]"
                }
            }
        }
        return result.hasPrefix(".") ? "\\&" + result : result
    }

    /// An argument of a request.
    static func quoted(_ text: String) -> String {
        "\"\(Self.text(text).replacing("\"", with: "\\(dq"))\""
    }

    /// A page to look at.
    static func reference(_ page: String) -> String { ".BR \(text(page)) (1)" }
}
