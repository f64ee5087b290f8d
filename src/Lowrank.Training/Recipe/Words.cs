namespace Lowrank.Training;

/// <summary>The words that a field takes, each with what it stands for.</summary>
/// <typeparam name="T">What they stand for.</typeparam>
/// <param name="entries">The words in order; a note is told beside a word in the help.</param>
public sealed class Words<T>(params IReadOnlyList<(string Word, T Value, string? Note)> entries)
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> All { get; } = [.. entries.Select(entry => entry.Word)];

    /// <summary>They as a sentence has them, with their notes: "none, output (as usual) or input".</summary>
    public string Prose => WordList.Prose([.. entries.Select(entry => entry.Note is null ? entry.Word : $"{entry.Word} ({entry.Note})")]);

    /// <summary>What a word stands for.</summary>
    /// <exception cref="LowrankException">It is none of them.</exception>
    public T Of(string word)
    {
        foreach (var entry in entries)
            if (entry.Word == word) return entry.Value;
        throw new LowrankException($"\"{word}\" is none of {WordList.Prose(All)}");
    }
}
