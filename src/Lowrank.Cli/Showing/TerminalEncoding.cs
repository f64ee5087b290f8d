using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>One way in which terminals show pictures.</summary>
/// <param name="Name">What a user types.</param>
/// <param name="CellWidth">Pixels of a picture in a column; what is usual, where only the terminal knows.</param>
/// <param name="CellHeight">Pixels of a picture in a line.</param>
/// <param name="Encode">What to write, from the cursor's place on; it ends at the beginning of a line.</param>
sealed record TerminalEncoding(string Name, int CellWidth, int CellHeight, Func<Picture, string> Encode);
