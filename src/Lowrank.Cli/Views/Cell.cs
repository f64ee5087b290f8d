using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Cells of tables.</summary>
static class Cell
{
    /// <summary>A text at the right edge, as numbers stand.</summary>
    public static Text Right(string text) => new(text) { Justification = Justify.Right };
}
