namespace Lowrank.Training;

/// <summary>Words one after another.</summary>
static class WordList
{
    /// <summary>As a sentence has them: "l2, l1, huber or smooth_l1".</summary>
    public static string Prose(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}
