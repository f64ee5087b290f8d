namespace Lowrank.Cli;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What stands in it, cleaned of what may not be shown.</param>
/// <param name="IsRight">Whether it stands at the right edge, as numbers do.</param>
readonly record struct Cell(string Text, bool IsRight)
{
    /// <summary>A text.</summary>
    public static Cell Of(string text) => new(ShownText.Of(text), false);

    /// <summary>A text at the right edge.</summary>
    public static Cell Right(string text) => new(ShownText.Of(text), true);
}
