namespace Lowrank.Training;

/// <summary>Things of a sentence: the first few by name, the others by number.</summary>
public static class Listing
{
    const int Shown = 8;

    /// <summary>"a.gif, b.gif and 12 more".</summary>
    public static string Of(IReadOnlyCollection<string> things)
    {
        string shown = string.Join(", ", things.Take(Shown));
        return things.Count > Shown ? $"{shown} and {things.Count - Shown} more" : shown;
    }

    /// <summary>"1 picture", "2 pictures".</summary>
    public static string Count(long number, string thing) => Count(number, thing, $"{thing}s");

    /// <summary>"1 batch", "2 batches".</summary>
    public static string Count(long number, string thing, string things) => number == 1 ? $"1 {thing}" : $"{number} {things}";
}
