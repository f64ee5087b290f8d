using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Reads the model of tokenizer.json.</summary>
static class ModelJson
{
    /// <summary>A model.</summary>
    /// <param name="part">The object.</param>
    /// <param name="control">Ids that no text becomes.</param>
    /// <exception cref="LowrankException">It is of a kind, or has a field, that is not understood, or its parts do not fit.</exception>
    public static ITokenModel Read(JsonPart part, IReadOnlySet<int> control)
    {
        ITokenModel? read = TypeOf(part) switch
        {
            "BPE" => BytePairs(part, control),
            "WordPiece" => WordPiece(part, control),
            "WordLevel" => new WordLevelModel(WordsOf(part), part.Text("unk_token", "<unk>"), control),
            "Unigram" => Unigram(part, control),
            _ => null,
        };
        return part.End(read ?? throw part.UnknownType("BPE", "WordPiece", "WordLevel", "Unigram"));
    }

    // Files of the first years do not tell their model's type.
    static string TypeOf(JsonPart part)
    {
        if (part.Has("type")) return part.Type;
        if (part.Has("merges")) return "BPE";
        if (part.Field("vocab").ValueKind == JsonValueKind.Array) return "Unigram";
        return part.Has("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
    }

    static Vocabulary WordsOf(JsonPart part)
    {
        var entries = new List<(string, int)>(part.Field("vocab") is { ValueKind: JsonValueKind.Object } all ? all.GetPropertyCount() : 0);
        foreach (var entry in part.Fields("vocab"))
            entries.Add(entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int id)
                ? (entry.Name, id)
                : throw part.Fault($"gives \"{entry.Name}\" no whole number as its id"));
        return new Vocabulary(entries);
    }

    static BytePairModel BytePairs(JsonPart part, IReadOnlySet<int> control)
    {
        bool drops = part.Field("dropout") is { ValueKind: JsonValueKind.Number } dropout && dropout.GetDouble() > 0;
        if (drops)
            throw part.Fault("has a dropout above 0, with which the same text gives other tokens each time; set it to null");
        var options = new BytePairOptions
        {
            UnknownToken = part.Has("unk_token") ? part.Text("unk_token") : null,
            ContinuingPrefix = part.Text("continuing_subword_prefix", ""),
            EndOfWordSuffix = part.Text("end_of_word_suffix", ""),
            FusesUnknown = part.Flag("fuse_unk", false),
            FallsBackToBytes = part.Flag("byte_fallback", false),
            IgnoresMerges = part.Flag("ignore_merges", false),
            Control = control,
        };
        var vocabulary = WordsOf(part);
        var merges = new List<(int, int)>(part.Field("merges") is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : 0);
        foreach (var merge in part.List("merges")) merges.Add(Pair(part, merge, vocabulary));
        return new BytePairModel(vocabulary, merges, options);
    }

    // "a b", or in newer files ["a", "b"].
    static (int, int) Pair(JsonPart part, JsonElement merge, Vocabulary vocabulary)
    {
        if (merge.ValueKind == JsonValueKind.String) return MergeTable.Pair(merge.GetString(), vocabulary, part.Place);
        bool isPair = merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2;
        return isPair
            ? MergeTable.Pair(merge[0].GetString(), merge[1].GetString(), vocabulary)
            : throw part.Fault($"has the merge {merge.GetRawText()}, which is no pair");
    }

    static WordPieceModel WordPiece(JsonPart part, IReadOnlySet<int> control) => new(
        WordsOf(part), part.Text("unk_token", "[UNK]"), part.Text("continuing_subword_prefix", "##"), prefixesFirst: false,
        part.Number("max_input_chars_per_word", 100), control);

    static UnigramModel Unigram(JsonPart part, IReadOnlySet<int> control)
    {
        var pieces = new List<(string, double)>();
        foreach (var piece in part.List("vocab"))
        {
            bool isPair = piece.ValueKind == JsonValueKind.Array && piece.GetArrayLength() == 2
                && piece[0].ValueKind == JsonValueKind.String && piece[1].ValueKind == JsonValueKind.Number;
            if (!isPair) throw part.Fault($"has at vocab[{pieces.Count}] no pair of a piece and its score");
            pieces.Add((piece[0].GetString()!, piece[1].GetDouble()));
        }
        int unknown = part.Number("unk_id", -1);
        if (unknown >= pieces.Count) throw part.Fault($"has the unk_id {unknown} among {pieces.Count} pieces");

        return new UnigramModel(pieces, new(unknown, part.Flag("byte_fallback", false), false, control, new HashSet<int>(), null));
    }
}
