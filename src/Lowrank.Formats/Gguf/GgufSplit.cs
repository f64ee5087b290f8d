namespace Lowrank.Formats;

/// <summary>A model in several GGUF files, <c>NAME-00001-of-00003.gguf</c>: the first has the metadata, each some of the tensors.</summary>
/// <remarks>Source: llama.cpp, gguf-split and llama-model-loader.cpp, which asks for the first part; here any will do.</remarks>
static class GgufSplit
{
    const string Prefix = "split.", Count = Prefix + "count", Number = Prefix + "no", Tensors = Prefix + "tensors.count";

    // What names have room for.
    const int Most = 99_999;

    /// <summary>The parts of the model that a file is, in their order; the file alone where it is no part.</summary>
    /// <exception cref="LowrankException">A part is missing, is none of the model's, or the parts are not all.</exception>
    internal static IReadOnlyList<GgufPart> PartsOf(string path)
    {
        var parts = new List<GgufPart>();
        try
        {
            parts.Add(new(path));
            long count = parts[0].Header.Metadata.Integer(Count) ?? 1;
            if (count <= 1) return parts;
            foreach (string other in Enumerable.Range(0, (int)Math.Min(count, Most)).Select(number => PathOf(path, number, count)))
                if (Path.GetFullPath(other) != Path.GetFullPath(path)) parts.Add(Open(path, other));
            parts.Sort((one, another) => NumberOf(one).CompareTo(NumberOf(another)));
            Check(path, parts, count);
            return parts;
        }
        catch
        {
            parts.ForEach(part => part.Dispose());
            throw;
        }
    }

    /// <summary>The metadata of the model: the first part's, without what tells of the split.</summary>
    internal static GgufMetadata MetadataOf(IReadOnlyList<GgufPart> parts)
    {
        var first = parts[0].Header.Metadata;
        return parts.Count == 1 ? first : new(first.Where(entry => !entry.Key.StartsWith(Prefix, StringComparison.Ordinal)));
    }

    /// <summary>What parts tell of the model that the first does not, and is not read.</summary>
    internal static IEnumerable<string> NotesOn(IReadOnlyList<GgufPart> parts)
    {
        var first = parts[0].Header.Metadata;
        foreach (var part in parts.Skip(1))
        {
            string[] own = [.. part.Header.Metadata.Where(IsOther).Select(entry => entry.Key)];
            if (own.Length > 0)
                yield return $"{part.Path} has metadata that the first part does not have so, which are not read: " +
                    $"{string.Join(", ", own)}.";
        }

        bool IsOther(GgufEntry entry) => entry.Key != GgufMetadata.AlignmentKey && !entry.Key.StartsWith(Prefix, StringComparison.Ordinal)
            && !(first.Find(entry.Key) is { } same && same.SaysAs(entry));
    }

    static GgufPart Open(string asked, string path) => File.Exists(path)
        ? new(path)
        : throw new LowrankException($"{asked} is a part of a model in several files, and {Path.GetFileName(path)} is missing beside it. " +
            "Download it into the same folder.");

    static string PathOf(string path, int number, long count) => PartNames.Of(path, number, count) ?? throw new LowrankException(
        $"{path} is one of {count} parts of a model, and its name does not tell the others': the first one's is to end in " +
        $"{PartNames.Ending(0, count)}. Give the parts the names that they were published under.");

    static long NumberOf(GgufPart part) => part.Header.Metadata.Integer(Number) ?? -1;

    static void Check(string path, List<GgufPart> parts, long count)
    {
        foreach (var (i, part) in parts.Index())
            if (NumberOf(part) != i || part.Header.Metadata.Integer(Count) != count)
                throw new LowrankException($"{part.Path} says that it is part {NumberOf(part) + 1} of " +
                    $"{part.Header.Metadata.Integer(Count) ?? 1}, and part {i + 1} of {count} belongs there. Is it of another model?");
        var names = parts.SelectMany(part => part.Header.Tensors).GroupBy(entry => entry.Info.Name).ToList();
        if (names.Find(same => same.Count() > 1) is { } twice)
            throw new LowrankException($"{path}: {twice.Key} stands in two of the {count} parts. Are they of one model?");
        if (parts[0].Header.Metadata.Integer(Tensors) is { } told && told != names.Count)
            throw new LowrankException($"{path}: the {count} parts hold {names.Count} tensors, and there are to be {told}. Are they of " +
                "one model?");
    }
}
