using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Rows of WebNLG and DART as the LoRA repository's scripts make them of raw entries and answers.</summary>
static class DataToTextFolder
{
    // gpt2_decode.py's --ref_num.
    const int MostReferences = 6;

    // What NLTK's word_tokenize parts within a word.
    static readonly Dictionary<string, string> contractions = new()
    {
        ["cannot"] = "can not", ["gimme"] = "gim me", ["gonna"] = "gon na", ["gotta"] = "got ta", ["lemme"] = "lem me", ["wanna"] = "wan na",
    };

    /// <summary>E2E's test set beside the goldens, or the repository's copy.</summary>
    public static string E2eTest
    {
        get
        {
            string beside = Path.Combine(GoldenFolder.Root, "..", "datasets", "e2e-nlg", "test.jsonl");
            string copy = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "language", "datasets", "e2e-nlg", "test.jsonl");
            return File.Exists(beside) ? beside : copy;
        }
    }

    /// <summary>The rows of a part: all, or those of seen or unseen categories.</summary>
    public static List<ScoredText> Rows(JsonElement set, string part)
    {
        var answers = set.GetProperty("answer_of_context").EnumerateArray().ToDictionary(pair => pair[0].GetString()!, pair => pair[1].GetString()!);
        var raw = set.GetProperty("raw");
        var rows = raw.ValueKind == JsonValueKind.Array ? DartData.Of("raw", raw) : WebNlgData.Of("raw", raw.GetProperty("entries"), out _);
        return [.. rows.Where(row => part == "all" || WebNlgData.IsSeen(row) == (part == "seen")).Select(row => new ScoredText(
            DataToTextWords.Text(answers[row.Context]), [.. row.References.Take(MostReferences).Select(DataToTextWords.Text)]))];
    }

    /// <summary>The same with the words that NLTK parts.</summary>
    public static ScoredText NltkWords(ScoredText text) => new(NltkWords(text.Hypothesis), [.. text.References.Select(NltkWords)]);

    static string NltkWords(string text) =>
        string.Join(' ', WhiteSpaceWords.Of(text).Select(word => contractions.GetValueOrDefault(word, word == "\"" ? "``" : word)));
}
