namespace Lowrank.Language;

/// <summary>A token of a piece of text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">Where it begins, in UTF-16 units from the piece's start.</param>
/// <param name="End">Where it ends. Tokens of single bytes span the whole character.</param>
readonly record struct PieceToken(int Id, int Start, int End);
