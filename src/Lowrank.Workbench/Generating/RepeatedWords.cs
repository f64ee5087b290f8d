namespace Lowrank.Workbench;

/// <summary>Learnt words (textual inversion) that a picture's text names: whether the request has them, and as they were.</summary>
static class RepeatedWords
{
    /// <summary>The field of a text: names with digits of their files, or the adapter that brings the word.</summary>
    public const string Field = "TI hashes";

    // Older texts have four digits of the vectors, not of the file.
    const int FewestDigits = 10;

    /// <summary>A sentence on each that is drawn as plain words, or is another than it was.</summary>
    public static IEnumerable<string> Missing(InfoText info, GeneratingRequest request)
    {
        var adapters = AdapterHashes.Read(info[AdapterHashes.Field] ?? "");
        foreach (var (name, told) in AdapterHashes.Read(info[Field] ?? ""))
        {
            if (adapters.ContainsKey(told)) continue;
            string? path = request.Reading.Words is { } folder ? TaughtWords.FileOf(folder, name) : null;
            if (path is null)
                yield return $"the learnt word {name} is drawn as plain words: give the folder that holds it (`embeddings dir`)";
            else if (told.Length >= FewestDigits && KeptSha256.Of(path) is var own && !own.StartsWith(told, StringComparison.Ordinal))
                yield return $"the learnt word {name} was {told} when the picture was made, and {path} is {own[..FewestDigits]}: " +
                    "the picture may be another";
        }
    }
}
