namespace Lowrank.Models;

/// <summary>What of a model the places of its numbers in GGUF files depend on.</summary>
/// <param name="HeadDim">Numbers of a head.</param>
/// <param name="PassedRows">Rows at the beginning of the table of positions that GGUF files leave out.</param>
sealed record GgufShape(int HeadDim, int PassedRows = 0);
