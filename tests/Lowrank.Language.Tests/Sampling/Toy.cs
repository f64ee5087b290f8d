namespace Lowrank.Language.Tests;

/// <summary>A language model that is none: logits that hang on the last two tokens.</summary>
static class Toy
{
    public static float[] Logits(IReadOnlyList<int> before, int vocabulary)
    {
        int last = before.Count > 0 ? before[^1] : 7, other = before.Count > 1 ? before[^2] : 3;
        var random = new Random(last * 1009 + other);
        return [.. Enumerable.Range(0, vocabulary).Select(_ => (float)(random.NextDouble() * 6))];
    }
}
