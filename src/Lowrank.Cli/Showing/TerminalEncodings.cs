namespace Lowrank.Cli;

/// <summary>The ways in which terminals show pictures.</summary>
static class TerminalEncodings
{
    // Pixels of a cell where nobody is asked: a usual font on a usual screen.
    const int CellWidth = 10, CellHeight = 20;

    /// <summary>kitty's graphics protocol.</summary>
    public static TerminalEncoding Kitty { get; } = new("kitty", CellWidth, CellHeight, KittyPicture.Encode);

    /// <summary>iTerm2's inline images.</summary>
    public static TerminalEncoding ITerm { get; } = new("iterm2", CellWidth, CellHeight, ITermPicture.Encode);

    /// <summary>DEC's sixels.</summary>
    public static TerminalEncoding Sixel { get; } = new("sixel", CellWidth, CellHeight, SixelPicture.Encode);

    /// <summary>Half blocks in 16 million colours.</summary>
    public static TerminalEncoding Blocks { get; } = new("blocks", 1, 2, picture => BlockPicture.Encode(picture, TrueColour.Select));

    /// <summary>Half blocks in xterm's 256 colours.</summary>
    public static TerminalEncoding FewColours { get; } =
        new("blocks256", 1, 2, picture => BlockPicture.Encode(picture, XtermColours.Select));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TerminalEncoding> All { get; } = [Kitty, ITerm, Sixel, Blocks, FewColours];
}
