namespace Lowrank.Cli;

/// <summary>What a terminal can show, told from its environment: none is asked, so that none can keep the program waiting.</summary>
static class TerminalTraits
{
    // By how TERM begins.
    static readonly string[] sixelTerms = ["foot", "mlterm", "contour", "yaft"];

    /// <summary>The best way to show pictures; null for none, on a terminal that obeys no escapes.</summary>
    /// <param name="environment">A variable's value; null where it is not set.</param>
    public static TerminalEncoding? EncodingOf(Func<string, string?> environment)
    {
        string term = environment("TERM") ?? "", program = environment("TERM_PROGRAM") ?? "";
        if (term == "dumb") return null;
        // A multiplexer passes no pictures on by itself.
        bool isInside = environment("TMUX") is { Length: > 0 } || StartsWith(term, "screen", "tmux");
        if (!isInside && PixelsOf(environment, term, program) is { } encoding) return encoding;
        return HasTrueColour(environment, term) ? TerminalEncodings.Blocks : TerminalEncodings.FewColours;
    }

    static TerminalEncoding? PixelsOf(Func<string, string?> environment, string term, string program)
    {
        bool isKitty = environment("KITTY_WINDOW_ID") is { Length: > 0 } || term.Contains("kitty", StringComparison.Ordinal);
        bool isGhostty = program == "ghostty" || term.Contains("ghostty", StringComparison.Ordinal);
        if (isKitty || isGhostty) return TerminalEncodings.Kitty;
        bool isITerm = program is "iTerm.app" or "WezTerm" or "mintty" || environment("LC_TERMINAL") == "iTerm2";
        if (isITerm) return TerminalEncodings.ITerm;
        bool isSixel = StartsWith(term, sixelTerms) || term.Contains("sixel", StringComparison.Ordinal) || IsNewKonsole(environment);
        return isSixel ? TerminalEncodings.Sixel : null;
    }

    // KDE's terminal shows sixels from 22.04 on.
    static bool IsNewKonsole(Func<string, string?> environment) =>
        int.TryParse(environment("KONSOLE_VERSION"), out int version) && version >= 220400;

    static bool HasTrueColour(Func<string, string?> environment, string term) =>
        environment("COLORTERM") is "truecolor" or "24bit"
        || environment("WT_SESSION") is { Length: > 0 }
        || term.EndsWith("-direct", StringComparison.Ordinal);

    static bool StartsWith(string term, params ReadOnlySpan<string> beginnings)
    {
        foreach (string beginning in beginnings)
            if (term.StartsWith(beginning, StringComparison.Ordinal)) return true;
        return false;
    }
}
