namespace Lowrank.Cli.Tests;

/// <summary>Terminals are known by their environment.</summary>
public class TerminalTraitsTests
{
    static TerminalEncoding? Of(string variables)
    {
        var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return TerminalTraits.EncodingOf(environment.GetValueOrDefault);
    }

    [Theory]
    [InlineData("TERM=xterm-kitty", "kitty")]
    [InlineData("TERM=xterm-256color KITTY_WINDOW_ID=1", "kitty")]
    [InlineData("TERM=xterm-ghostty COLORTERM=truecolor", "kitty")]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=iTerm.app", "iterm2")]
    [InlineData("TERM=xterm-256color LC_TERMINAL=iTerm2", "iterm2")]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=WezTerm", "iterm2")]
    [InlineData("TERM=foot-extra", "sixel")]
    [InlineData("TERM=mlterm", "sixel")]
    [InlineData("TERM=xterm-256color KONSOLE_VERSION=230800", "sixel")]
    [InlineData("TERM=xterm-256color KONSOLE_VERSION=210800 COLORTERM=truecolor", "blocks")]
    [InlineData("TERM=xterm-256color COLORTERM=truecolor", "blocks")]
    [InlineData("TERM=xterm-256color WT_SESSION=abc", "blocks")]
    [InlineData("TERM=xterm-direct", "blocks")]
    [InlineData("TERM=xterm-256color", "blocks256")]
    [InlineData("", "blocks256")]
    [InlineData("TERM=tmux-256color KITTY_WINDOW_ID=1 COLORTERM=truecolor", "blocks")]
    [InlineData("TERM=xterm-kitty TMUX=/tmp/tmux", "blocks256")]
    [InlineData("TERM=screen TERM_PROGRAM=iTerm.app", "blocks256")]
    public void TheBestKnownWayIsTaken(string variables, string way) => Assert.Equal(way, Of(variables)?.Name);

    [Fact]
    public void ADumbTerminalIsSpared() => Assert.Null(Of("TERM=dumb COLORTERM=truecolor"));
}
