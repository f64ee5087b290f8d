namespace Lowrank.Workbench;

/// <summary>A token of a text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">As the vocabulary spells it.</param>
/// <param name="Start">Where it begins in the text, in code points; 0 where it was added.</param>
/// <param name="End">Where it ends.</param>
/// <param name="IsAdded">Whether it was added and is not of the text.</param>
public sealed record ShownToken(int Id, string Token, int Start, int End, bool IsAdded);
