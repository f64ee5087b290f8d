namespace Lowrank.Training;

/// <summary>A row of ids, and what a head should say of it.</summary>
/// <param name="Ids">The ids.</param>
/// <param name="Segments">0 for the first text and 1 for the second, as the model's kind has it.</param>
/// <param name="Wanted">A class's number or a score alone; of several classes 0 or 1 each; of tokens a number each, −100 where none
/// counts; of a span its first and last place.</param>
/// <param name="Place">Where it stands, as errors say it.</param>
sealed record HeadRow(IReadOnlyList<int> Ids, IReadOnlyList<int> Segments, IReadOnlyList<double> Wanted, string Place)
{
    /// <summary>How much of it counts in a loss: tokens, or the row itself.</summary>
    public int Counted(HeadAim aim) => aim == HeadAim.Tokens ? Wanted.Count(label => label != LanguageBatch.NotCounted) : 1;
}
