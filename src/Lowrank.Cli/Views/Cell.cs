using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Cells of tables.</summary>
static class Cell
{
    /// <summary>A text, cleaned of what may not be shown.</summary>
    public static Text Of(string text) => new(ShownText.Of(text));

    /// <summary>A text at the right edge, as numbers stand.</summary>
    public static Text Right(string text) => new(ShownText.Of(text)) { Justification = Justify.Right };
}
